import type { Quirks } from "../model/quirks.ts";
import type { Request, SystemTurn, TextPart, Turn } from "../model/request.ts";
import { appendToUser, reminder } from "./remind.ts";

/**
 * Where system turns go, one rule for the middle and for the end, so that a turn's place does not change when others follow it: the
 * leading ones are the system prompt; a later one is folded, marked as a reminder, into the user turn before it; after an assistant's
 * answer it is a user turn of its own; between calls and their results it waits for the results. Prompts stay prefixes of each other,
 * which prompt caches live on, and templates that refuse system turns in the middle are content.
 */
export function placeSystemTurns(request: Request, quirks: Quirks): Request {
  const turns: Turn[] = [];
  const lead: TextPart[] = [];
  let waiting: SystemTurn[] = [];
  const place = (system: SystemTurn): void => {
    if (quirks.systemAnywhere) {
      turns.push(system);
      return;
    }
    for (const part of system.parts) {
      const text: TextPart = { ...part, text: reminder(part.text) };
      const before = turns.at(-1);
      if (before?.role === "user") turns[turns.length - 1] = appendToUser(before, text);
      else turns.push({ role: "user", parts: [text] });
    }
  };
  const placeWaiting = (): void => {
    for (const system of waiting) place(system);
    waiting = [];
  };
  let leading = true;
  for (const turn of request.turns) {
    if (turn.role === "system") {
      if (leading) {
        lead.push(...turn.parts);
        continue;
      }
      const before = turns.at(-1);
      const open = before?.role === "assistant" && before.parts.some((part) => part.type === "tool-call");
      if (open) waiting.push(turn);
      else place(turn);
      continue;
    }
    leading = false;
    if (turn.role === "assistant") placeWaiting();
    turns.push(turn);
    if (turn.role === "user") placeWaiting();
  }
  placeWaiting();
  return { ...request, turns: lead.length > 0 ? [{ role: "system", parts: lead }, ...turns] : turns };
}
