import { keepEach, replaceEach } from "../../model/lists.ts";
import type { WireName } from "../../model/opaque.ts";
import type { AssistantPart, Request, SystemTurn, Turn, UserPart } from "../../model/request.ts";

/**
 * Texts without a character, and turns that have nothing to say on this wire, are left out: providers refuse them. If nothing at all
 * would be left, the request stays as it is and the provider says what it thinks of it.
 */
export function dropEmptyParts(request: Request, wire: WireName): Request {
  const full = replaceEach(request.turns, (turn): Turn => {
    const parts = keepEach<UserPart | AssistantPart>(turn.parts, (part) => !isEmpty(part));
    return parts === turn.parts ? turn : ({ ...turn, parts } as Turn);
  });
  const turns = keepEach(full, (turn) => turn.parts.some((part) => says(part, wire)));
  return turns.some((turn: Turn): turn is Exclude<Turn, SystemTurn> => turn.role !== "system") ? { ...request, turns } : request;
}

function isEmpty(part: UserPart | AssistantPart): boolean {
  if (part.type === "text") return !/\S/.test(part.text);
  return part.type === "thinking" && part.text === "" && part.seal === undefined;
}

/** Reasoning alone is no answer, except to the provider whose seal it bears. */
function says(part: UserPart | AssistantPart, wire: WireName): boolean {
  if (part.type === "thinking") return part.seal?.wire === wire;
  if (part.type === "opaque") return part.wire === wire || (part.text ?? "") !== "";
  return true;
}
