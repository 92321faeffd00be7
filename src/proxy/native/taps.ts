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

/**
 * Compressed bytes that may wait to be read. Reading takes longer than passing, and a stream that unfolds to a hundred times its length would
 * fill the memory with what waits, and hold up its own end until it was read.
 */
const mostBehind = 4 * 1024 * 1024;

/** What a whole reply says of its usage. */
export const usageOf = (wire: WireName, reply: unknown) => taps[wire].usageOfReply(reply);

/** Reads along with one stream. */
interface StreamTap {
  push(bytes: Uint8Array): void;
  /** Calls back when all that was pushed has been read: decompression runs on another thread. */
  end(then: () => void): void;
  over: Tap["over"];
  seen: Tap["seen"];
}

/** Each is called once. */
interface Endings {
  /** Why the reply stops has been said. */
  readonly stopped?: () => void;
  /** What ends a stream has passed. */
  readonly over?: () => void;
}

/** The tap for a stream, through its content encoding. It stops at what it cannot read, or not in time; the bytes pass all the same. */
export function tapStream(wire: WireName, headers: Headers, on: Endings = {}): StreamTap {
  const inner = taps[wire].tapStream();
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
    if (!stopped && inner.stopped()) {
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
  const read = { over: () => over, seen };
  if (isPlain(headers)) return { push, end, ...read };
  const raw = new PassThrough();
  const plain = decoded({ headers, body: raw });
  plain.on("data", push);
  plain.on("error", () => {
    deaf = true;
  });
  return {
    push(bytes) {
      if (raw.writableLength > mostBehind) plain.destroy();
      if (!plain.destroyed) raw.write(bytes);
    },
    end(then) {
      // It was given up, or an error has destroyed it, whose event may still be pending.
      if (plain.destroyed) {
        deaf = true;
        return then();
      }
      plain.once("close", () => end(then));
      raw.end();
    },
    ...read,
  };
}
