import { append, flatMap } from "../../model/lists.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { AssistantPart, Request, ToolResultPart, Turn, UserPart } from "../../model/request.ts";

/** Merges neighbouring assistant turns: servers refuse an assistant turn after calls that have no results yet. */
export function mergeAssistantTurns(request: Request): Request {
  return { ...request, turns: merged(request.turns, "assistant") };
}

/** Gives strict templates the order of roles that they demand: alternating, a user turn first, an assistant turn between results and the user. */
export function mendAlternation(request: Request, quirks: Quirks): Request {
  let turns: readonly Turn[] = request.turns;
  if (quirks.strictAlternation) {
    turns = merged(turns, "user");
    const first = turns.findIndex((turn) => turn.role !== "system");
    if (turns[first]?.role === "assistant")
      turns = [...turns.slice(0, first), { role: "user", parts: [{ type: "text", text: "Begin." }] }, ...turns.slice(first)];
  }
  if (quirks.assistantAfterTool) turns = flatMap(turns, (turn, index) => separated(turn, turns[index + 1], quirks));
  return { ...request, turns };
}

function merged(turns: readonly Turn[], role: "user" | "assistant"): Turn[] {
  const out: Turn[] = [];
  // The parts of the last turn, once it is merged: appended to in place, since a client may send thousands.
  let own: (UserPart | AssistantPart)[] | undefined;
  for (const turn of turns) {
    const before = out.at(-1);
    if (turn.role !== role || before?.role !== role) {
      out.push(turn);
      own = undefined;
      continue;
    }
    if (own === undefined) {
      own = [...before.parts];
      out[out.length - 1] = { role, parts: own } as Turn;
    }
    append(own, turn.role === "assistant" ? apart(own.at(-1), turn.parts) : turn.parts);
  }
  return out;
}

/** Adjacent texts of one turn are read as one text: those of two turns are kept apart by a blank line. */
function apart(last: UserPart | AssistantPart | undefined, parts: readonly AssistantPart[]): readonly AssistantPart[] {
  const [first, ...rest] = parts;
  return last?.type === "text" && first?.type === "text" ? [{ ...first, text: `\n\n${first.text}` }, ...rest] : parts;
}

function separated(turn: Turn, next: Turn | undefined, quirks: Quirks): Turn[] {
  if (turn.role !== "user") return [turn];
  const results: ToolResultPart[] = [];
  const media: UserPart[] = [];
  for (const part of turn.parts) {
    if (part.type !== "tool-result") continue;
    // Media that a tool message cannot hold is moved into the user's turn, after the assistant turn.
    const lifted = quirks.toolImages ? [] : part.parts.filter(({ type }) => type === "image" || type === "document");
    append(media, lifted);
    results.push(
      lifted.length === 0 ? part : { ...part, parts: part.parts.map((inner) => (lifted.includes(inner) ? below(inner.type) : inner)) },
    );
  }
  if (results.length === 0) return [turn];
  const others = [...media, ...turn.parts.filter((part) => part.type !== "tool-result")];
  const filler: Turn = { role: "assistant", parts: [{ type: "text", text: "Done." }] };
  if (others.length > 0) return [{ role: "user", parts: results }, filler, { role: "user", parts: others }];
  return next?.role === "user" ? [turn, filler] : [turn];
}

const below = (type: string) => ({ type: "text", text: `[${type} below]` }) as const;
