import { families, lateClosers, strayClosers } from "./families.ts";
import { calls, type Family } from "./family.ts";
import { pythonCalls } from "./python-call.ts";
import { bareJson } from "./token-families.ts";

export const byOpener = new Map(families.flatMap((family) => family.open.map((open) => [open, family] as const)));
const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const markersOf = (markers: readonly string[]) => ({
  markers,
  pattern: new RegExp(markers.map(literal).join("|"), "g"),
  /** Nearly every delta has none of the markers' first characters. */
  maybe: new RegExp(`[${[...new Set(markers.map((marker) => literal(marker[0] ?? "")))].join("")}]`),
});
export const inText = markersOf([...byOpener.keys(), ...lateClosers, ...strayClosers]);
export const stray = new Set(strayClosers);
export const late = new Set(lateClosers.filter((closer) => !stray.has(closer)));
export const inThinking = markersOf([...families.filter((family) => family.inThinking).flatMap((family) => family.open), ...strayClosers]);

/** A bare JSON object is a call only if its first key can be one's; so it is known after a few characters. */
export const bareStart = /^(?:\[\s*)?\{\s*"(?:name|type|function|tool|tool_name|action|id|arguments|parameters)"/;
export const bareMaybe = /^(?:\[\s*)?(?:\{\s*)?(?:"[a-z_]{0,10})?$|^\[\s*[A-Za-z_][\w.-]{0,64}$/;
/** Llama 4 calls in a list of Python's; such a list counts only if its first name is a tool's. */
export const barePython = /^\[\s*([A-Za-z_][\w.-]*)\(/;
export const bare: Family = {
  open: [""],
  close: [],
  read: (body) => (barePython.test(body) ? calls(pythonCalls(body)) : bareJson(body)),
};
