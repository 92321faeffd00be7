import { append } from "../../model/lists.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { Request, TextPart, Turn } from "../../model/request.ts";
import { appendToUser, reminder } from "./remind.ts";

/**
 * Places system turns. The leading ones are the system prompt; a later one becomes a reminder at the end of the user turn before it, or, after
 * an assistant turn, a user turn of its own. The rule is the same in the middle and at the end, so that a turn stays where it is when others
 * follow: each prompt is a prefix of the next, on which prompt caches depend. It suits templates that refuse later system turns. Tool results
 * have been paired with their calls before.
 */
export function placeSystemTurns(request: Request, quirks: Quirks): Request {
  const turns: Turn[] = [];
  const lead: TextPart[] = [];
  // Collected until a turn of another role, since there may be thousands in a row.
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
  // A request of instructions alone: the last one becomes the user's, since no wire replies without a user turn.
  const asked = turns.length === 0 ? lead.pop() : undefined;
  if (asked !== undefined) turns.push({ role: "user", parts: [asked] });
  return { ...request, turns: lead.length > 0 ? [{ role: "system", parts: lead }, ...turns] : turns };
}
