import { isCut, type ReplyEvent, type UsageSoFar } from "../../model/event.ts";
import type { Failure } from "../../model/failure.ts";
import { createOutbox } from "../../model/outbox.ts";
import type { Request } from "../../model/request.ts";
import type { OpenContext } from "../../model/wire.ts";
import { readErrorInReply } from "../failure.ts";
import { isObject, type JsonObject, listOf, objectOf, textOf } from "../json.ts";
import { tellLogprobs } from "../logprobs.ts";
import { followEnd } from "./end-of-reply.ts";
import { errorIn } from "./error-in-reply.ts";
import { type Ending, readFinish, stopOf } from "./finish.ts";
import { gatherPages, queryOf } from "./found-pages.ts";
import { annotationsOf, followOwn } from "./own-of-reply.ts";
import { readDeltas } from "./read-deltas.ts";
import { createReplyParts } from "./reply-parts.ts";
import { takeUsage } from "./usage.ts";

/** What a reply is read by of the request that it answers: not the conversation, which would stay in memory for as long as the reply lasts. */
export interface Asked {
  /** The names of its tools. */
  readonly tools: ReadonlySet<string>;
  readonly stop: readonly string[];
  readonly logprobs: number | undefined;
  readonly query: string | undefined;
}

export function askedBy(request: Request): Asked {
  const { tools, stop, logprobs } = request;
  return { tools: new Set(tools.map((tool) => tool.name)), stop, logprobs, query: queryOf(request) };
}

export type Chunks = ReturnType<typeof readChunks>;

/**
 * Reads one reply from its chunks. It is "before" its first chunk, "open" once its start is out, and "over" with its end or a failure, behind which
 * nothing is read. What differs between servers is told by each part where it stands: by which reasons a reply ends (`end-of-reply.ts`,
 * `finish.ts`), in which fields it speaks (`read-deltas.ts`), which call a fragment is of (`tool-calls.ts`) and how arguments come (`call.ts`),
 * what of all this may be told at once (`reply-parts.ts`).
 */
export function readChunks({ tools, stop, logprobs, query }: Asked, context: OpenContext) {
  const { ids } = context;
  const out = createOutbox<ReplyEvent>();
  let state: "before" | "open" | "over" = "before";
  const end = followEnd();
  const usage: UsageSoFar = {};
  const parts = createReplyParts(out.put, context, tools);
  const deltas = readDeltas(parts, tools);
  const pages = gatherPages(query, ids);
  const own = followOwn();

  const start = (chunk: JsonObject): void => {
    state = "open";
    const id = textOf(chunk.id) ?? ids.next("chatcmpl-");
    out.put({ type: "reply-start", id, ...(usage.input === undefined ? {} : { usage: { ...usage } }), ...own.said() });
  };

  const fail = (failure: Failure): readonly ReplyEvent[] => {
    if (state === "over") return [];
    // What was said to its end stays said; an error behind nothing is why nothing was said.
    if (end.finishedAfter() === "answer") return over("server");
    state = "over";
    out.put({ type: "failure", failure });
    return out.take();
  };
  const failFor = (kind: Failure["kind"], message: string) => fail({ kind, origin: "provider", message });

  /** The reply is over by the word of its server, by the end of its connection, which may have been cut, or as the whole body that it is. */
  const over = (by: "server" | "connection" | "body"): readonly ReplyEvent[] => {
    if (state === "over") return [];
    if (state === "before") return failFor("upstream", "the provider answered 200 without a reply");
    const told = end.ending();
    // A server that does not say why may have broken off, which its last call shows.
    const isCutOff = told === undefined && (by === "connection" || (by === "server" && parts.broken()));
    if (isCutOff) return failFor("cut-off", "the provider's stream ended in the middle of the reply");
    const ending = told ?? { stop: "end" };
    parts.end(isCut(ending.stop));
    const refusal = deltas.refusal();
    if (told === undefined && parts.said() === "nothing" && refusal === "")
      return failFor("upstream", "the provider ended its reply without an answer, and without a finish_reason");
    state = "over";
    const stop = stopOf(ending, refusal, parts.said() === "calls");
    if (refusal !== "" && stop.reason !== "refusal") {
      parts.text(refusal);
      parts.end(false);
    }
    const search = pages.search();
    if (search !== undefined) out.put({ type: "opaque", part: { wire: "chat", value: search.found, search } });
    out.put({ type: "reply-end", stop, usage, ...own.said() });
    return out.take();
  };

  const takeChoice = (choice: JsonObject, chunk: JsonObject): readonly ReplyEvent[] => {
    const isFirst = state === "before";
    const delta = deltaOf(choice, isFirst);
    const { ending, failure } = readFinish(choice, chunk, stop);
    if (isFirst) {
      if (failure !== undefined && isEmpty(delta)) return fail(failure);
      if (delta === undefined && !isOnlyEnd(choice, ending)) return [];
      start(chunk);
    }
    if (!end.admits(delta)) return out.take();
    if (logprobs !== undefined) out.put(...tellLogprobs(objectOf(choice.logprobs).content));
    if (delta !== undefined) {
      deltas.read(delta);
      pages.take(delta);
      out.put(...annotationsOf(delta));
    }
    if (failure !== undefined) return fail(failure);
    const isBlank = choice.finish_reason === "" && isEmpty(delta);
    const unanswered = isFirst && isEmpty(delta) ? "nothing" : "thoughts";
    end.take(delta, ending ?? (isBlank ? "blank" : undefined), parts.said() === "nothing" ? unanswered : "answer");
    return out.take();
  };

  return {
    fail,
    over,
    /** Nothing of the reply is missing, whether or not its server says any more. A reason with nothing before it may have come too early. */
    finished: () => (end.finishedAfter() ?? "nothing") !== "nothing",
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
        return isCounted && end.finishedAfter() !== undefined ? over("server") : [];
      }
      if (isObject(choice.error) || textOf(choice.error) !== undefined) return fail(readErrorInReply(choice));
      return takeChoice(choice, chunk);
    },
  };
}

/** The choice that is read. */
export const firstChoice = ({ choices }: JsonObject): JsonObject | undefined => listOf(choices).find(isFirstChoice);

function isFirstChoice(choice: unknown): choice is JsonObject {
  if (!isObject(choice)) return false;
  const { index } = choice;
  return index === undefined || index === null || index === 0 || index === "0";
}

/** A message may stand in the place of the first delta; beside others it repeats them. */
function deltaOf({ delta, message }: JsonObject, isFirst: boolean): JsonObject | undefined {
  if (isObject(delta)) return delta;
  return isFirst && isObject(message) ? message : undefined;
}

/** A reply of which nothing comes but its end. Gemini leaves the message out where it refuses one. */
function isOnlyEnd(choice: JsonObject, ending: Ending | undefined): boolean {
  return ending?.stop === "refusal" || (textOf(choice.finish_reason) !== undefined && !("message" in choice));
}

/** Nothing is said but by whom. */
function isEmpty(delta: JsonObject | undefined): boolean {
  const { role: _, ...rest } = delta ?? {};
  return Object.values(rest).every((value) => value === null || value === "" || value === undefined);
}
