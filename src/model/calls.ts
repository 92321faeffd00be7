import { flatMap } from "./lists.ts";
import type { AssistantPart, Request, ToolCallPart } from "./request.ts";

export const isCall = (part: AssistantPart): part is ToolCallPart => part.type === "tool-call";

/** All calls of a conversation. */
export function callsIn({ turns }: Request): readonly ToolCallPart[] {
  return flatMap(turns, (turn) => (turn.role === "assistant" ? turn.parts.filter(isCall) : []));
}

/** Calls of one reply. A model makes some dozens at once; of millions, in a few bytes each, what is kept of each would fill the memory. */
const mostCalls = 100_000;

/** Counts the calls of one reply, and throws where there are too many. */
export function limitCalls(): () => void {
  let count = 0;
  return () => {
    count += 1;
    if (count > mostCalls) throw new Error(`the reply has more than ${mostCalls} calls`);
  };
}
