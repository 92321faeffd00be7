import type { Logprob, ReplyEvent } from "../model/event.ts";
import type { Quirks } from "../model/quirks.ts";
import type { Request } from "../model/request.ts";
import { isObject, listOf, stringOf } from "./json.ts";

/** Of how many other tokens it is asked how likely they were; undefined where nobody asks for any, or the server refuses it. */
export function askedLogprobs({ logprobs }: Request, { refusedFields }: Quirks): number | undefined {
  return refusedFields?.includes("logprobs") ? undefined : logprobs;
}

/** What a server tells of tokens: OpenAI's two wires have one form for it. */
export function tellLogprobs(list: unknown): readonly ReplyEvent[] {
  const tokens = listOf(list).flatMap((entry) =>
    logprobOf(entry).map((token) => ({ ...token, top_logprobs: isObject(entry) ? listOf(entry.top_logprobs).flatMap(logprobOf) : [] })),
  );
  return tokens.length === 0 ? [] : [{ type: "logprobs", tokens }];
}

/** A Responses stream leaves the bytes out. */
function logprobOf(entry: unknown): Logprob[] {
  const token = isObject(entry) ? stringOf(entry.token) : undefined;
  if (!isObject(entry) || token === undefined || typeof entry.logprob !== "number") return [];
  const bytes = Array.isArray(entry.bytes) ? entry.bytes : [...Buffer.from(token, "utf8")];
  return [{ token, logprob: entry.logprob, bytes }];
}

/** What a Responses request includes by which it is told of them. */
export const includedLogprobs = "message.output_text.logprobs";
