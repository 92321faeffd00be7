import { replaceEach, replaceParts } from "../../model/lists.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { Request, Turn } from "../../model/request.ts";

/**
 * What only the client's wire says of the parts of a conversation is left out where a server of that wire refuses what it does not know, and what
 * it says of tools and calls where the server knows functions only.
 */
export function dropOwnFields(request: Request, { nativeFaults = [] }: Quirks): Request {
  const dropsAll = nativeFaults.includes("unknown-parts") || nativeFaults.includes("unknown-fields");
  if (!dropsAll && !nativeFaults.includes("tool-kinds")) return request;
  const without = dropsAll ? withoutOwn : withoutOwnOfCall;
  const turns = replaceEach<Turn>(request.turns, (turn) => replaceParts(turn, without));
  return { ...request, turns, tools: replaceEach(request.tools, bare) };
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
