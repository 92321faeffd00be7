import type { TextPart, Turn, UserTurn } from "../../model/request.ts";

/** Instructions in the place of something else are marked in the way that Claude Code's own prompts announce. */
export function reminder(text: string): string {
  return `<system-reminder>\n${text}\n</system-reminder>`;
}

/**
 * Appends texts to a user turn: after what the user said, or, where the turn only brings results, to the last result. A new user turn
 * after results would make templates drop the reasoning before them.
 */
export function appendToUser(turn: UserTurn, added: readonly TextPart[]): UserTurn {
  const last = turn.parts.at(-1);
  if (last?.type !== "tool-result" || turn.parts.some((other) => other.type !== "tool-result"))
    return { ...turn, parts: [...turn.parts, ...added] };
  const mark = added.findLast((part) => part.cache !== undefined)?.cache ?? last.cache;
  const texts = added.map(({ cache, ...text }) => text);
  const result = { ...last, parts: [...last.parts, ...texts], ...(mark === undefined ? {} : { cache: mark }) };
  return { ...turn, parts: [...turn.parts.slice(0, -1), result] };
}

/** Appends a reminder at the end of the conversation, so that the prompt before it stays what a cache knows. */
export function remindAtEnd(turns: readonly Turn[], text: string): Turn[] {
  const part: TextPart = { type: "text", text: reminder(text) };
  const last = turns.at(-1);
  if (last?.role === "user") return [...turns.slice(0, -1), appendToUser(last, [part])];
  return [...turns, { role: "user", parts: [part] }];
}

/** Adds a sentence to the system prompt. */
export function addToSystem(turns: readonly Turn[], text: string): Turn[] {
  const part: TextPart = { type: "text", text };
  const [first, ...rest] = turns;
  if (first?.role === "system") return [{ role: "system", parts: [...first.parts, part] }, ...rest];
  return [{ role: "system", parts: [part] }, ...turns];
}
