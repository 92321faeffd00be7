import { flatMap } from "./lists.ts";
import type { AssistantPart, Request, ToolCallPart } from "./request.ts";

export const isCall = (part: AssistantPart): part is ToolCallPart => part.type === "tool-call";

/** All calls of a conversation. */
export function callsIn({ turns }: Request): readonly ToolCallPart[] {
  return flatMap(turns, (turn) => (turn.role === "assistant" ? turn.parts.filter(isCall) : []));
}
