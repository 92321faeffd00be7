import { anyOf, anyStart } from "../markup/any-of.ts";
import { families, lateClosers, strayClosers } from "./families.ts";

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
