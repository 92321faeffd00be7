import { parseJson } from "../../model/json.ts";
import type { ArgumentReader } from "./read-arguments.ts";
import { plainEnd } from "./scanner.ts";

/** Follows one JSON object and gives its own members other names. A name waits until it is whole. */
export function renameMembers(rename: (name: string) => string): ArgumentReader {
  let depth = 0;
  let isName = true;
  let isOpen = false;
  let escaped = false;
  /** The name that is open, as far as it came. */
  let name: string | undefined;
  const close = (): string => {
    const whole = name;
    isOpen = false;
    name = undefined;
    if (whole === undefined) return "";
    const text = parseJson(whole);
    const other = typeof text === "string" ? rename(text) : text;
    return other === text ? whole : JSON.stringify(other);
  };
  const inString = (character: string): string => {
    const passed = name === undefined ? character : "";
    if (name !== undefined) name += character;
    if (escaped) escaped = false;
    else if (character === "\\") escaped = true;
    else if (character === '"') return passed + close();
    return passed;
  };
  const outside = (character: string): string => {
    if (character === '"') {
      isOpen = true;
      if (depth !== 1 || !isName) return character;
      name = character;
      return "";
    }
    if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") depth -= 1;
    else if (depth === 1 && character === ":") isName = false;
    else if (depth === 1 && character === ",") isName = true;
    return character;
  };
  return {
    push(json) {
      let out = "";
      for (let at = 0; at < json.length; at += 1) {
        if (isOpen && name === undefined && !escaped) {
          // Most of what models write is inside strings.
          const end = plainEnd(json, at);
          out += json.slice(at, end);
          at = end;
          if (at === json.length) break;
        }
        const character = json.charAt(at);
        out += isOpen ? inString(character) : outside(character);
      }
      return out;
    },
    held: () => name ?? "",
  };
}
