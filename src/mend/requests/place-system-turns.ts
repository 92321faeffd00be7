import { append } from "../../model/lists.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { Request, TextPart, Turn } from "../../model/request.ts";
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
  // Those since the last turn of another role, thousands in a row as well as one.
  let reminders: TextPart[] = [];
  const fold = (): void => {
    if (reminders.length === 0) return;
    const before = turns.at(-1);
    if (before?.role === "user") turns[turns.length - 1] = appendToUser(before, reminders);
    else turns.push({ role: "user", parts: reminders });
    reminders = [];
  };
  for (const turn of request.turns) {
    if (turn.role === "system" && turns.length === 0) append(lead, turn.parts);
    else if (turn.role === "system" && !quirks.systemAnywhere)
      for (const part of turn.parts) reminders.push({ ...part, text: reminder(part.text) });
    else {
      fold();
      turns.push(turn);
    }
  }
  fold();
  // Instructions alone are what is asked: no wire replies to a prompt without a question.
  const asked = turns.length === 0 ? lead.pop() : undefined;
  if (asked !== undefined) turns.push({ role: "user", parts: [asked] });
  return { ...request, turns: lead.length > 0 ? [{ role: "system", parts: lead }, ...turns] : turns };
}
