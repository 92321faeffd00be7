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
  seen: Tap["seen"];
}

/** Each is called once. */
export interface Endings {
  /** Why the reply stops has been said. */
  readonly stopped?: () => void;
  /** What ends a stream has passed. */
  readonly over?: () => void;
}

/** The tap for an answer, through its content encoding. It stops at what it cannot read; the bytes pass all the same. */
export function tapAnswer(wire: WireName, headers: Headers, on: Endings = {}): AnswerTap {
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
  let stopped = false;
  let over = false;
  const push = (bytes: Uint8Array) => {
    guarded(() => inner.push(bytes));
    if (!stopped && inner.stopped?.() === true) {
      stopped = true;
      on.stopped?.();
    }
    if (over || !inner.over()) return;
    over = true;
    on.over?.();
  };
  // What was not read to its end may have been complete.
  const seen = () => (deaf ? { ...inner.seen(), cut: false } : inner.seen());
  const end = (then: () => void) => {
    guarded(() => inner.end());
    then();
  };
  if (isPlain(headers)) return { push, end, seen };
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
