import { flatMap } from "../model/lists.ts";
import type { TextPart, Turn } from "../model/request.ts";

/** What the leading system turns say, which is the system prompt, and the conversation behind them. */
export function splitInstructions(turns: readonly Turn[]): { readonly instructions: readonly TextPart[]; readonly rest: readonly Turn[] } {
  const first = turns.findIndex(({ role }) => role !== "system");
  const end = first < 0 ? turns.length : first;
  return { instructions: flatMap(turns.slice(0, end), (turn) => (turn.role === "system" ? turn.parts : [])), rest: turns.slice(end) };
}

/** The paragraphs of a prompt on a wire that has one string for it. */
export function promptText(parts: readonly TextPart[]): string {
  return parts
    .map(({ text }) => text)
    .filter((text) => text !== "")
    .join("\n\n");
}
