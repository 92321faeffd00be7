import { keepEach, keepParts, replaceEach } from "../../model/lists.ts";
import type { WireName } from "../../model/opaque.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { AssistantPart, Request, SystemTurn, Turn, UserPart } from "../../model/request.ts";

/**
 * Texts without a character, and turns that have nothing to say on this wire, are left out: providers refuse them. If nothing at all
 * would be left, the request stays as it is and the provider says what it thinks of it.
 */
export function dropEmptyParts(request: Request, _: Quirks, wire: WireName): Request {
  const full = replaceEach(request.turns, (turn) => keepParts(turn, (part) => !isEmpty(part)));
  const goesOn = beginnings(full, wire);
  const thought = replaceEach(full, (turn, at) => (goesOn[at] ? turn : withoutLastThoughts(turn, wire)));
  const turns = keepEach(thought, (turn, at) => saysAny(turn, wire) || goesOn[at] === true);
  return turns.some((turn: Turn): turn is Exclude<Turn, SystemTurn> => turn.role !== "system") ? { ...request, turns } : request;
}

type Part = UserPart | AssistantPart;

function isEmpty(part: Part): boolean {
  if (part.type === "text") return !/\S/.test(part.text);
  return part.type === "thinking" && part.text === "" && part.seal === undefined;
}

function says(part: Part, wire: WireName): boolean {
  if (part.type === "opaque") return (part.wire === wire && part.value !== null) || (part.text ?? "") !== "";
  return part.type !== "thinking";
}

const saysAny = ({ parts }: Turn, wire: WireName): boolean => parts.some((part) => says(part, wire));

/**
 * Claude refuses its own reasoning that nothing follows, of a reply that was cut in the middle of it: "The final block in an assistant message
 * cannot be `thinking`". A chat message has a field for it, whatever it follows; alone it is no answer there either.
 */
function withoutLastThoughts(turn: Turn, wire: WireName): Turn {
  if (wire !== "messages" || turn.parts.at(-1)?.type !== "thinking") return turn;
  const last = turn.parts.findLastIndex(({ type }) => type !== "thinking");
  return keepParts(turn, (_, at) => at <= last);
}

/** Which turns are the beginning of one that the assistant goes on with, and says something in. */
function beginnings(turns: readonly Turn[], wire: WireName): readonly boolean[] {
  const goesOn = turns.map(() => false);
  for (let at = turns.length - 2; at >= 0; at -= 1) {
    const [turn, next] = [turns[at], turns[at + 1]];
    if (turn?.role !== "assistant" || turn.parts.length === 0 || next?.role !== "assistant") continue;
    goesOn[at] = saysAny(next, wire) || goesOn[at + 1] === true;
  }
  return goesOn;
}
