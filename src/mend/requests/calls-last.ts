import { isCall } from "../../model/calls.ts";
import { replaceEach } from "../../model/lists.ts";
import type { WireName } from "../../model/opaque.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { Request, Turn } from "../../model/request.ts";

/** The calls of a turn behind all that was thought and said in it, for a server that takes what stands between them for the calls' end. */
export function callsLast(request: Request, quirks: Quirks, wire: WireName): Request {
  if (!quirks.callsLast || wire !== "responses") return request;
  return { ...request, turns: replaceEach<Turn>(request.turns, inOrder) };
}

function inOrder(turn: Turn): Turn {
  if (turn.role !== "assistant") return turn;
  const first = turn.parts.findIndex(isCall);
  if (first < 0 || turn.parts.slice(first).every(isCall)) return turn;
  const others = turn.parts.flatMap((part, at) => {
    if (isCall(part)) return [];
    // Texts between which a call stood are read as one without it.
    const before = turn.parts[at - 1];
    const isApart = part.type === "text" && before !== undefined && isCall(before);
    return [isApart ? { ...part, text: `\n\n${part.text}` } : part];
  });
  return { ...turn, parts: [...others, ...turn.parts.filter(isCall)] };
}
