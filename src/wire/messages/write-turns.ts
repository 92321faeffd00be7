import { append, flatMap } from "../../model/lists.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { Turn, UserPart } from "../../model/request.ts";
import type { OpenContext } from "../../model/wire.ts";
import type { JsonObject } from "../json.ts";
import { withoutTrailingSpace } from "./content-rules.ts";
import { pairedCalls, tellServerCalls } from "./server-calls.ts";
import { writeAssistant } from "./write-assistant.ts";
import { writePart } from "./write-content.ts";

export interface Message {
  readonly role: "user" | "assistant" | "system";
  readonly content: readonly JsonObject[];
}

/**
 * Writes turns as messages. Neighbours of one role become one message, as the API itself would merge them, and in a user message tool results
 * come first, as it demands. `thinks`: reasoning is not switched off.
 */
export function writeTurns(turns: readonly Turn[], context: OpenContext, thinks: boolean): Message[] {
  const messages: { role: Message["role"]; content: JsonObject[] }[] = [];
  for (const { role, content } of withServerCallsTold(
    turns.map((turn) => writeTurn(turn, context, thinks)),
    context.quirks,
  )) {
    if (content.length === 0) continue;
    const last = messages.at(-1);
    if (last?.role === role) append(last.content, content);
    else messages.push({ role, content: [...content] });
  }
  const last = messages.at(-1);
  if (last?.role === "assistant") last.content = [...withoutTrailingSpace(last.content)];
  return messages
    .filter(({ content }) => content.length > 0)
    .map(({ role, content }) => ({ role, content: role === "user" ? resultsFirst(content) : content }));
}

function writeTurn(turn: Turn, context: OpenContext, thinks: boolean): Message {
  const { role } = turn;
  if (role === "assistant") return { role, content: writeAssistant(turn, context, thinks) };
  return { role, content: flatMap<UserPart, JsonObject>(turn.parts, (part) => writePart(part, context.quirks)) };
}

function withServerCallsTold(turns: readonly Message[], { hostedTools }: Quirks): readonly Message[] {
  const paired = pairedCalls(turns.filter(({ role }) => role === "assistant").map(({ content }) => content));
  return turns.map((turn, index) => {
    if (turn.role !== "assistant") return turn;
    return { ...turn, content: tellServerCalls(turn.content, paired, hostedTools !== false, index === turns.length - 1) };
  });
}

function resultsFirst(content: readonly JsonObject[]): JsonObject[] {
  return [...content.filter(({ type }) => type === "tool_result"), ...content.filter(({ type }) => type !== "tool_result")];
}
