import { anyOf, anyStart } from "../markup/any-of.ts";
import { families, lateClosers, strayClosers } from "./families.ts";
import { calls, type Family } from "./family.ts";
import { gemma } from "./gemma-call.ts";
import { pythonCalls } from "./python-call.ts";
import { bareJson } from "./token-families.ts";

export const byOpener = new Map(families.flatMap((family) => family.open.map((open) => [open, family] as const)));
const markersOf = (markers: readonly string[]) => ({
  markers,
  pattern: anyOf(markers, "g"),
  maybe: anyStart(markers),
});
export const inText = markersOf([...byOpener.keys(), ...lateClosers, ...strayClosers]);
export const stray = new Set(strayClosers);
export const late = new Set(lateClosers.filter((closer) => !stray.has(closer)));
export const inThinking = markersOf([...families.filter((family) => family.inThinking).flatMap((family) => family.open), ...strayClosers]);

/**
 * A bare JSON object is a call only if its first key can be one's; so it is known after a few characters, and white space between them
 * that is longer than any model writes is none of a call's: what is held is looked at again with every delta.
 */
export const bareStart = /^(?:\[\s{0,199})?\{\s{0,199}"(?:name|type|function|tool|tool_name|action|id|arguments|parameters)"/;
export const bareMaybe =
  /^(?:\[\s{0,199})?(?:\{\s{0,199})?(?:"[a-z_]{0,10})?$|^(?:\[\s{0,199}|call:)[A-Za-z_][\w.-]{0,64}$|^c(?:a(?:l(?:l:?)?)?)?$/;
/** Llama 4 calls in a list of Python's, Gemma 4 leaves its first token out; either counts only if the first name is a tool's. */
export const bareName = /^(?:\[\s{0,199}(?=[\w.-]+\()|call:(?=[\w.-]+\{))([A-Za-z_][\w.-]*)/;
export const bare: Family = {
  open: [""],
  close: [],
  read: (text) => {
    const end = text.trimEnd();
    // Servers hide an opening token and leave the closing one, and Qwen now and then begins without its tag.
    const closer = lateClosers.find((one) => end.endsWith(one)) ?? "";
    const body = end.slice(0, end.length - closer.length);
    if (body.startsWith("call:")) return gemma.read(body, "");
    return bareName.test(body) ? calls(pythonCalls(body)) : bareJson(body);
  },
};
