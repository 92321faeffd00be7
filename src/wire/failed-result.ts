import type { ResultPart } from "../model/request.ts";

/** What a tool gives that failed, on wires that have no flag for it: the words say so. */
export function failedResult(parts: readonly ResultPart[]): readonly ResultPart[] {
  const [first, ...rest] = parts;
  if (first?.type !== "text") return [{ type: "text", text: first === undefined ? "Error: (no output)" : "Error:" }, ...parts];
  return /^\s*error:/i.test(first.text) ? parts : [{ ...first, text: `Error: ${first.text}` }, ...rest];
}
