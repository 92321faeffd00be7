import { parseExactly } from "../../model/exact-json.ts";
import { repairJson } from "./repair-json.ts";

/**
 * The text ends inside a string of its JSON, or behind a key: what is missing may be the rest of a command or a file, or the folder that it
 * is for, so no repair may close it. A quote that stands unescaped in a string makes the end look so too; there the brackets are closed
 * after a quote.
 */
export function endsInMember(text: string): boolean {
  if (/^\s*[{[]/.test(text) && text.trimEnd().endsWith(":")) return true;
  let quote = "";
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? "";
    if (quote === "") {
      if (character === '"' || character === "'") quote = character;
    } else if (character === "\\") index += 1;
    else if (character === quote) quote = "";
  }
  return quote !== "" && !/["'][\s}\]]*[}\]]\s*$/.test(text.slice(-200));
}

/** JSON as models write it; undefined where even repair does not help. */
export function looseJson(text: string): unknown {
  const value = parseExactly(text);
  if (value !== undefined || endsInMember(text)) return value;
  const repaired = repairJson(text);
  return repaired === undefined ? undefined : parseExactly(repaired);
}

/** What stands in the code fence around a text; a text without one as it is. */
export function withoutFence(text: string): string {
  if (!text.startsWith("```")) return text;
  return text
    .replace(/^```[\w-]*/, "")
    .replace(/```$/, "")
    .trim();
}
