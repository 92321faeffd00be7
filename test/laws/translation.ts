import { mend } from "../../src/mend/mend.ts";
import type { ReplyEvent } from "../../src/model/event.ts";
import { pipe, runStage } from "../../src/model/pipe.ts";
import type { Quirks } from "../../src/model/quirks.ts";
import type { Ids } from "../../src/model/stage.ts";
import type { Accepted, ClientWire, Opened } from "../../src/model/wire.ts";
import { chatProvider } from "../../src/wire/chat/provider.ts";
import { messagesClient } from "../../src/wire/messages/client.ts";
import { readSse } from "../../src/wire/sse.ts";

export function countingIds(): Ids {
  let count = 0;
  return { next: (prefix) => `${prefix}${String(++count).padStart(6, "0")}` };
}

export interface Translation {
  readonly accepted: Accepted;
  readonly opened: Opened;
  /** What the client gets for these network reads; the transport then ends, or fails where `failed`. */
  stream(parts: readonly Uint8Array[], failed?: boolean): string;
  /** The language's events for a whole reply. */
  reply(body: unknown): ReplyEvent[];
}

/** The way of one request through a client's wire, mends and chat, with no socket in it. */
export function translate(body: unknown, quirks: Quirks = {}, client: ClientWire = messagesClient): Translation {
  const ids = countingIds();
  const accepted = client.accept(body, { ids, now: 1_700_000_000 });
  if ("failure" in accepted) throw new Error(accepted.failure.message);
  const mended = mend(accepted.request, { quirks, ids, wire: "chat", inputEstimate: () => 50 });
  const opened = chatProvider.open(mended.request, { ids, model: "m", maker: "lab/m", quirks });
  return {
    accepted,
    opened,
    stream(parts, failed = false) {
      const stage = pipe(pipe(pipe(readSse(), opened.read.stream()), mended.events()), accepted.write.stream("req_1"));
      const out: string[] = [];
      for (const part of parts) out.push(...stage.push(part));
      out.push(...(failed ? stage.fail({ kind: "cut-off", message: "the connection was lost", origin: "provider" }) : stage.end()));
      return out.join("");
    },
    reply: (reply) => runStage(mended.events(), opened.read.reply(reply)),
  };
}
