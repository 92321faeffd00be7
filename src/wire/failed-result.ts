import type { ResultPart } from "../model/request.ts";

/** What a tool gives that failed, on wires that have no flag for it: the words say so. */
export function failedResult(parts: readonly ResultPart[]): readonly ResultPart[] {
  const said = parts.filter((part) => part.type !== "text" || part.text !== "");
  const [first, ...rest] = said;
  if (first?.type !== "text") return [{ type: "text", text: first === undefined ? "Error: (no output)" : "Error:" }, ...said];
  return /^\s*error:/i.test(first.text) ? said : [{ ...first, text: `Error: ${first.text}` }, ...rest];
}
