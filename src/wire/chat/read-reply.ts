import type { ReplyEvent } from "../../model/event.ts";
import { flatMap } from "../../model/lists.ts";
import type { Request } from "../../model/request.ts";
import type { SseMessage, Stage } from "../../model/stage.ts";
import type { OpenContext, ReplyReader } from "../../model/wire.ts";
import { readErrorInReply } from "../failure.ts";
import { isObject } from "../json.ts";
import { readData } from "../sse-data.ts";
import { askedBy, type Chunks, readChunks } from "./read-chunks.ts";
import { asChunk } from "./whole-reply.ts";

/** Reads replies to this request, streamed or whole. */
export function createReplyReader(request: Request, context: OpenContext): ReplyReader {
  const asked = askedBy(request);
  return {
    stream: () => readStream(readChunks(asked, context)),
    reply(body) {
      if (typeof body === "string") {
        // A stream of bare lines, without "data:".
        const values = readData(body);
        if (values?.some((value) => isObject(value) && Array.isArray(value.choices)) === true) {
          const chunks = readChunks(asked, context);
          return [...values.flatMap((value) => chunks.take(value)), ...chunks.over("connection")];
        }
        return [{ type: "failure", failure: readErrorInReply(body) }];
      }
      const chunks = readChunks(asked, context);
      return [...chunks.take(asChunk(body)), ...chunks.over("body")];
    },
  };
}

function readStream(chunks: Chunks): Stage<SseMessage, ReplyEvent> {
  return {
    push({ event, data }) {
      if (event === "error") return chunks.fail(readErrorInReply(data));
      if (!data.startsWith("{") && /^\s*(?:data:\s*)?"?\[?DONE\]?"?\s*$/i.test(data)) return chunks.over("server");
      const values = readData(data);
      return values === undefined ? lose(chunks, data) : flatMap(values, (value) => chunks.take(value));
    },
    // Some servers close late after the finish, if at all, and say nothing of the usage.
    idle: () => (chunks.finished() ? chunks.over("server") : []),
    fail: (failure) => (chunks.finished() ? chunks.over("server") : chunks.fail(failure)),
    end: () => chunks.over("connection"),
  };
}

/**
 * Data that is no JSON. What is lost with it may be the middle of a command; with a line that shows life ("ping", "keep-alive"), or one that
 * cannot have held content, nothing is.
 */
function lose(chunks: Chunks, data: string): readonly ReplyEvent[] {
  if (chunks.finished() || !/^\s*[{[]/.test(data) || !/"(?:choices|delta|content|arguments)"/.test(data)) return [];
  const message = "the provider sent a chunk that is not JSON; what it held is lost";
  return chunks.fail({ kind: "cut-off", origin: "provider", message });
}
