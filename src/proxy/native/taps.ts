import { PassThrough } from "node:stream";
import type { Usage } from "../../model/event.ts";
import type { WireName } from "../../model/opaque.ts";
import type { Headers } from "../../model/wire.ts";
import { decoded } from "../../reach/decoded.ts";
import * as chat from "../../wire/chat/tap.ts";
import * as messages from "../../wire/messages/tap.ts";
import * as responses from "../../wire/responses/tap.ts";
import type { Tap } from "../../wire/tap.ts";
import { isPlain } from "../reply-form.ts";

interface WireTaps {
  tapStream(): Tap;
  usageOfReply(body: unknown): Usage | undefined;
}

const taps: Readonly<Record<WireName, WireTaps>> = { messages, chat, responses };

/** Bytes of a whole reply that are kept to read its usage; a longer one passes uncounted. */
const largestReply = 4 * 1024 * 1024;

/** Reads along with one answer. */
export interface AnswerTap {
  push(bytes: Uint8Array): void;
  /** Calls back when all that was pushed has been read: decompression runs on another thread. */
  end(then: () => void): void;
  /** Why the reply stops has been said, as far as what passes can be read. */
  stopped(): boolean;
  seen: Tap["seen"];
}

/**
 * The tap for an answer, through its content encoding. It stops at what it cannot read; the bytes pass all the same. `onOver` is called once,
 * after the event that ends a stream.
 */
export function tapAnswer(wire: WireName, headers: Headers, onOver: () => void = () => {}): AnswerTap {
  const inner = /event-stream/i.test(headers["content-type"] ?? "") ? taps[wire].tapStream() : tapWhole(wire);
  let deaf = false;
  const guarded = (act: () => void) => {
    if (deaf) return;
    try {
      act();
    } catch {
      deaf = true;
    }
  };
  let over = false;
  const push = (bytes: Uint8Array) => {
    guarded(() => inner.push(bytes));
    if (over || !inner.over()) return;
    over = true;
    onOver();
  };
  // What was not read to its end may have been complete.
  const seen = () => (deaf ? { ...inner.seen(), cut: false } : inner.seen());
  const end = (then: () => void) => {
    guarded(() => inner.end());
    then();
  };
  const stopped = () => !deaf && inner.stopped?.() === true;
  if (isPlain(headers)) return { push, end, stopped, seen };
  const raw = new PassThrough();
  const plain = decoded({ headers, body: raw });
  plain.on("data", push);
  plain.on("error", () => {
    deaf = true;
  });
  return {
    push: (bytes) => void raw.write(bytes),
    end(then) {
      // An error has destroyed it; its event may still be pending.
      if (plain.destroyed) {
        deaf = true;
        return then();
      }
      plain.once("close", () => end(then));
      raw.end();
    },
    stopped,
    seen,
  };
}

function tapWhole(wire: WireName): Tap {
  const pieces: Buffer[] = [];
  let size = 0;
  let usage: Usage | undefined;
  return {
    push(bytes) {
      size += bytes.length;
      if (size <= largestReply) pieces.push(Buffer.from(bytes));
    },
    end() {
      if (size > 0 && size <= largestReply) usage = taps[wire].usageOfReply(JSON.parse(Buffer.concat(pieces).toString("utf8")) as unknown);
    },
    over: () => false,
    seen: () => ({ usage }),
  };
}
