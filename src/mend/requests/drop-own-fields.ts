import { keepParts, replaceEach, replaceParts } from "../../model/lists.ts";
import type { WireName } from "../../model/opaque.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { Request, Turn } from "../../model/request.ts";

/**
 * What only the client's wire says of the parts of a conversation is left out where a server of that wire refuses what it does not know, and what
 * it says of tools and calls where the server knows functions only. What it says of a whole message is no part of it for another wire.
 */
export function dropOwnFields(request: Request, { nativeFaults = [] }: Quirks, wire: WireName): Request {
  const dropsAll = nativeFaults.includes("unknown-parts") || nativeFaults.includes("unknown-fields");
  const isKept = (part: Part) => part.type !== "opaque" || part.own === undefined || (part.wire === wire && !dropsAll);
  const without = dropsAll ? withoutOwn : nativeFaults.includes("tool-kinds") ? withoutOwnOfCall : undefined;
  const turns = replaceEach<Turn>(request.turns, (turn) => {
    const kept = keepParts(turn, isKept);
    return without === undefined ? kept : replaceParts(kept, without);
  });
  const tools = without === undefined ? request.tools : replaceEach(request.tools, bare);
  return turns === request.turns && tools === request.tools ? request : { ...request, turns, tools };
}

type Part = Turn["parts"][number];

function withoutOwn(part: Part): Part {
  return part.type === "tool-result" ? replaceParts(bare(part), bare) : bare(part);
}

function withoutOwnOfCall(part: Part): Part {
  return part.type === "tool-call" ? bare(part) : part;
}

function bare<Item extends object>(item: Item): Item {
  if (!("own" in item)) return item;
  const { own: _, ...others } = item;
  return others as Item;
}
