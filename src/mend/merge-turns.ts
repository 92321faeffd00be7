import type { Quirks } from "../model/quirks.ts";
import type { Request, Turn } from "../model/request.ts";

/** Neighbouring assistant turns are one: servers refuse an assistant after one whose calls are open. */
export function mergeAssistantTurns(request: Request): Request {
  return { ...request, turns: merged(request.turns, "assistant") };
}

/** What strict templates ask of the order of roles: alternation, a user first, an assistant between results and the user. */
export function mendAlternation(request: Request, quirks: Quirks): Request {
  let turns: readonly Turn[] = request.turns;
  if (quirks.strictAlternation) {
    turns = merged(turns, "user");
    const first = turns.findIndex((turn) => turn.role !== "system");
    if (turns[first]?.role === "assistant")
      turns = [...turns.slice(0, first), { role: "user", parts: [{ type: "text", text: "Begin." }] }, ...turns.slice(first)];
  }
  if (quirks.assistantAfterTool) turns = turns.flatMap((turn, index) => separated(turn, turns[index + 1]));
  return { ...request, turns };
}

function merged(turns: readonly Turn[], role: "user" | "assistant"): Turn[] {
  const out: Turn[] = [];
  for (const turn of turns) {
    const before = out.at(-1);
    if (turn.role === role && before?.role === role) {
      out[out.length - 1] = { role, parts: [...before.parts, ...turn.parts] } as Turn;
    } else out.push(turn);
  }
  return out;
}

function separated(turn: Turn, next: Turn | undefined): Turn[] {
  if (turn.role !== "user") return [turn];
  const results = turn.parts.filter((part) => part.type === "tool-result");
  if (results.length === 0) return [turn];
  const others = turn.parts.filter((part) => part.type !== "tool-result");
  const filler: Turn = { role: "assistant", parts: [{ type: "text", text: "Done." }] };
  if (others.length > 0) return [{ role: "user", parts: results }, filler, { role: "user", parts: others }];
  return next?.role === "user" ? [turn, filler] : [turn];
}
