import { isCut, type ReplyEvent, type Stop, type UsageSoFar } from "../../model/event.ts";
import type { Failure } from "../../model/failure.ts";
import { createOutbox } from "../../model/outbox.ts";
import type { Request } from "../../model/request.ts";
import type { OpenContext } from "../../model/wire.ts";
import { readErrorInReply } from "../failure.ts";
import { isObject, type JsonObject, listOf, objectOf, textOf } from "../json.ts";
import { tellLogprobs } from "../logprobs.ts";
import { followEnd } from "./end-of-reply.ts";
import { errorIn } from "./error-in-reply.ts";
import { type Ending, readFinish } from "./finish.ts";
import { gatherPages } from "./found-pages.ts";
import { annotationsOf, followOwn } from "./own-of-reply.ts";
import { readDeltas } from "./read-deltas.ts";
import { createReplyParts } from "./reply-parts.ts";
import { takeUsage } from "./usage.ts";

export type Chunks = ReturnType<typeof readChunks>;

/** Reads one reply from its chunks. */
export function readChunks(request: Request, context: OpenContext) {
  const { ids } = context;
  const out = createOutbox<ReplyEvent>();
  let state: "before" | "open" | "over" = "before";
  const end = followEnd();
  const usage: UsageSoFar = {};
  const tools = new Set(request.tools.map((tool) => tool.name));
  const parts = createReplyParts(out.put, context, tools);
  const deltas = readDeltas(parts, tools);
  const pages = gatherPages(request, ids);
  const own = followOwn();

  const fail = (failure: Failure): readonly ReplyEvent[] => {
    if (state === "over") return [];
    // What was said to its end stays said; an error behind nothing is why nothing was said.
    if (end.reached() !== undefined && parts.said() !== "nothing") return over("server");
    state = "over";
    out.put({ type: "failure", failure });
    return out.take();
  };

  const stopOf = ({ stop, sequence }: Ending): Stop => {
    const refusal = deltas.refusal();
    if (stop === "max-output" || stop === "window-full") return { reason: stop };
    if (stop === "refusal") return { reason: stop, ...(refusal === "" ? {} : { explanation: refusal }) };
    if (refusal !== "") return { reason: "refusal", explanation: refusal, declined: true };
    // Servers say "stop" although there are calls, and "tool_calls" although there are none; clients act on what they see.
    if (parts.said() === "calls") return { reason: "tool-use" };
    if (stop === "stop-sequence") return { reason: stop, ...(sequence === undefined ? {} : { sequence }) };
    return { reason: "end" };
  };

  /** The reply is over: its server or its connection said so, or it is a body, of which it is all. Only a connection that ends may have been cut. */
  const over = (by: "server" | "connection" | "body"): readonly ReplyEvent[] => {
    if (state === "over") return [];
    if (state === "before") {
      return fail({ kind: "upstream", origin: "provider", message: "the provider answered 200 without a reply" });
    }
    const told = end.ending();
    // A server that does not say why may have broken off, which its last call shows.
    if (told === undefined && (by === "connection" || (by === "server" && parts.broken()))) {
      return fail({ kind: "cut-off", origin: "provider", message: "the provider's stream ended in the middle of the reply" });
    }
    const ending: Ending = told ?? { stop: "end" };
    parts.end(isCut(ending.stop));
    const refusal = deltas.refusal();
    if (told === undefined && parts.said() === "nothing" && refusal === "") {
      const message = "the provider ended its reply without an answer, and without a finish_reason";
      return fail({ kind: "upstream", origin: "provider", message });
    }
    state = "over";
    const stop = stopOf(ending);
    if (refusal !== "" && stop.reason !== "refusal") {
      parts.text(refusal);
      parts.end(false);
    }
    const search = pages.search();
    if (search !== undefined) out.put({ type: "opaque", part: { wire: "chat", value: search.found, search } });
    out.put({ type: "reply-end", stop, usage, ...own.said() });
    return out.take();
  };

  return {
    fail,
    // The first chunk of a model that still thinks may have one too.
    finished: () => end.reached()?.isFirst === false,
    take(chunk: unknown): readonly ReplyEvent[] {
      if (state === "over") return [];
      const error = errorIn(chunk);
      if (error !== undefined) return fail(readErrorInReply(error));
      if (!isObject(chunk)) return [];
      const choice = firstChoice(chunk);
      takeUsage(chunk, choice, usage);
      own.take(chunk);
      if (choice === undefined) {
        // Usage on a chunk of its own is the last that is said: whether [DONE] or the connection's end ever comes is not waited for.
        const isCounted = isObject(chunk.usage) && usage.input !== undefined && usage.output !== undefined;
        return isCounted && end.reached() !== undefined ? over("server") : [];
      }
      if (isObject(choice.error) || textOf(choice.error) !== undefined) return fail(readErrorInReply(choice));
      const delta = deltaOf(choice, state === "before");
      const isSilent = () => delta === undefined || !saysSomething(delta);
      const reason = textOf(choice.finish_reason);
      const { ending, failure } = reason === undefined || reason === "null" ? {} : readFinish(reason, choice, chunk, request.stop);
      const opens = state === "before";
      if (opens) {
        if (failure !== undefined && isSilent()) return fail(failure);
        // Gemini leaves the message out where it refuses one.
        const isEnd = ending?.stop === "refusal" || (reason !== undefined && !("message" in choice));
        if (delta === undefined && !isEnd) return [];
        state = "open";
        const id = textOf(chunk.id) ?? ids.next("chatcmpl-");
        out.put({ type: "reply-start", id, ...(usage.input === undefined ? {} : { usage: { ...usage } }), ...own.said() });
      }
      if (!end.admits(delta)) return out.take();
      if (request.logprobs !== undefined) out.put(...tellLogprobs(objectOf(choice.logprobs).content));
      if (delta !== undefined) {
        deltas.read(delta);
        pages.take(delta);
        out.put(...annotationsOf(delta));
      }
      if (failure !== undefined) return fail(failure);
      const isBlank = choice.finish_reason === "" && isSilent();
      end.take(delta, { ending, isBlank, isFirst: opens && isSilent(), isBare: parts.said() === "nothing" });
      return out.take();
    },
    over,
  };
}

/** The choice that is read. */
export const firstChoice = ({ choices }: JsonObject): JsonObject | undefined => listOf(choices).find(isFirst);

function isFirst(choice: unknown): choice is JsonObject {
  if (!isObject(choice)) return false;
  const { index } = choice;
  return index === undefined || index === null || index === 0 || index === "0";
}

/** A message may stand in the place of the first delta; beside others it repeats them. */
function deltaOf({ delta, message }: JsonObject, isFirst: boolean): JsonObject | undefined {
  if (isObject(delta)) return delta;
  return isFirst && isObject(message) ? message : undefined;
}

function saysSomething(delta: JsonObject): boolean {
  const { role: _, ...rest } = delta;
  return Object.values(rest).some((value) => value !== null && value !== "" && value !== undefined);
}
