import type { KnownTools } from "../known-tools.ts";
import { lateClosers } from "./families.ts";
import { calls, type Family } from "./family.ts";
import { gemma } from "./gemma-call.ts";
import { pythonCalls } from "./python-call.ts";
import { bareJson } from "./token-families.ts";

/**
 * A bare JSON object is a call only if its first key can be one's; so it is known after a few characters, and white space between them
 * that is longer than any model writes is none of a call's: what is held is looked at again with every delta.
 */
const start = /^(?:\[\s{0,199})?\{\s{0,199}"(?:name|type|function|tool|tool_name|action|id|arguments|parameters)"/;
const maybe = /^(?:\[\s{0,199})?(?:\{\s{0,199})?(?:"[a-z_]{0,10})?$|^(?:\[\s{0,199}|call:)[A-Za-z_][\w.-]{0,64}$|^c(?:a(?:l(?:l:?)?)?)?$/;
/** Llama 4 calls in a list of Python's, Gemma 4 leaves its first token out; either counts only if the first name is a tool's. */
const named = /^(?:\[\s{0,199}(?=[\w.-]+\()|call:(?=[\w.-]+\{))([A-Za-z_][\w.-]*)/;

/** Whether a reply's text begins with a call that has no marker before it; "perhaps" where what follows decides. */
export function startsBare(text: string, tools: KnownTools): boolean | "perhaps" {
  const name = named.exec(text)?.[1];
  if (start.test(text) || (name !== undefined && tools.find(name) !== undefined)) return true;
  return maybe.test(text) && "perhaps";
}

export const bare: Family = {
  open: [""],
  close: [],
  read: (text) => {
    const end = text.trimEnd();
    // Servers hide an opening token and leave the closing one, and Qwen now and then begins without its tag.
    const closer = lateClosers.find((one) => end.endsWith(one)) ?? "";
    const body = end.slice(0, end.length - closer.length);
    if (body.startsWith("call:")) return gemma.read(body, "");
    return named.test(body) ? calls(pythonCalls(body)) : bareJson(body);
  },
};
