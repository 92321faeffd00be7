import type { Quirks } from "../model/quirks.ts";
import type { Request, TextPart, Turn } from "../model/request.ts";
import { appendToUser, reminder } from "./remind.ts";

/**
 * Where system turns go, one rule for the middle and for the end, so that a turn's place does not change when others follow it: the
 * leading ones are the system prompt; a later one is folded, marked as a reminder, into the user turn before it; after an assistant's
 * answer it is a user turn of its own. Prompts stay prefixes of each other, which prompt caches live on, and templates that refuse system
 * turns in the middle are content. Results stand by their calls already.
 */
export function placeSystemTurns(request: Request, quirks: Quirks): Request {
  const turns: Turn[] = [];
  const lead: TextPart[] = [];
  const fold = (part: TextPart): void => {
    const text: TextPart = { ...part, text: reminder(part.text) };
    const before = turns.at(-1);
    if (before?.role === "user") turns[turns.length - 1] = appendToUser(before, text);
    else turns.push({ role: "user", parts: [text] });
  };
  for (const turn of request.turns) {
    if (turn.role !== "system") turns.push(turn);
    else if (turns.length === 0) lead.push(...turn.parts);
    else if (quirks.systemAnywhere) turns.push(turn);
    else for (const part of turn.parts) fold(part);
  }
  // Instructions alone are what is asked: no wire replies to a prompt without a question.
  const asked = turns.length === 0 ? lead.pop() : undefined;
  if (asked !== undefined) turns.push({ role: "user", parts: [asked] });
  return { ...request, turns: lead.length > 0 ? [{ role: "system", parts: lead }, ...turns] : turns };
}
