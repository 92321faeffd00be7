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

/**
 * Reads one reply from its chunks.
 *
 * @param onlyOne the one chunk is a whole reply, whose delta is the message
 */
export function readChunks(request: Request, context: OpenContext, onlyOne = false) {
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
    if (end.reached() !== undefined && parts.said() !== "nothing") return over(true);
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

  /** The reply is over. `whole`: the provider said so, though it may not have said why; where a call broke off, that counts for nothing. */
  const over = (whole: boolean): readonly ReplyEvent[] => {
    if (state === "over") return [];
    if (state === "before") {
      return fail({ kind: "upstream", origin: "provider", message: "the provider answered 200 without a reply" });
    }
    const told = end.ending();
    if (told === undefined && (!whole || (!onlyOne && parts.broken()))) {
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
      const choice = listOf(chunk.choices).find(isFirst);
      takeUsage(chunk, choice, usage);
      own.take(chunk);
      if (choice === undefined) {
        // Usage on a chunk of its own is the last that is said: whether [DONE] or the connection's end ever comes is not waited for.
        const isCounted = isObject(chunk.usage) && usage.input !== undefined && usage.output !== undefined;
        return isCounted && end.reached() !== undefined ? over(true) : [];
      }
      if (isObject(choice.error) || textOf(choice.error) !== undefined) return fail(readErrorInReply(choice));
      // A message beside deltas repeats them; Perplexity's whole reply has an empty delta beside its message.
      const message = isObject(choice.message) && (onlyOne || state === "before") ? choice.message : undefined;
      const piece = isObject(choice.delta) ? choice.delta : undefined;
      const delta = onlyOne ? (message ?? piece) : (piece ?? message);
      const isSilent = () => delta === undefined || !saysSomething(delta);
      const reason = textOf(choice.finish_reason);
      const { ending, failure } = reason === undefined || reason === "null" ? {} : readFinish(reason, choice, chunk, request.stop);
      const opens = state === "before";
      if (opens) {
        if (failure !== undefined && isSilent()) return fail(failure);
        // Gemini leaves the message out where it refuses one.
        const isEnd = ending?.stop === "refusal" || (reason !== undefined && !onlyOne && !("message" in choice));
        if (delta === undefined && !isEnd) return [];
        state = "open";
        const id = textOf(chunk.id) ?? ids.next("chatcmpl-");
        out.put({ type: "reply-start", id, ...(usage.input === undefined ? {} : { usage: { ...usage } }), ...own.said() });
      }
      if (!end.admits(delta)) return out.take();
      if (request.logprobs !== undefined) out.put(...tellLogprobs(objectOf(choice.logprobs).content));
      if (delta !== undefined) {
        deltas.read(onlyOne ? withCalls(delta, choice, chunk) : delta);
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

/** GitHub Copilot parts what Claude says and what it calls into several choices of a whole reply, of which none is another try. */
function withCalls(message: JsonObject, { finish_reason: reason }: JsonObject, { choices }: JsonObject): JsonObject {
  if (reason !== "tool_calls") return message;
  const calls = listOf(choices).flatMap((choice) => listOf(objectOf(objectOf(choice).message).tool_calls));
  return calls.length === 0 ? message : { ...message, tool_calls: calls };
}

function isFirst(choice: unknown): choice is JsonObject {
  if (!isObject(choice)) return false;
  const { index } = choice;
  return index === undefined || index === null || index === 0 || index === "0";
}

function saysSomething(delta: JsonObject): boolean {
  const { role: _, ...rest } = delta;
  return Object.values(rest).some((value) => value !== null && value !== "" && value !== undefined);
}
