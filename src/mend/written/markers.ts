import { splitAt } from "../markup/split-at.ts";
import { families, frames, lateClosers, strayClosers } from "./families.ts";

export const byOpener = new Map(families.flatMap((family) => family.open.map((open) => [open, family] as const)));
export const stray = new Set(strayClosers);
export const late = new Set(lateClosers.filter((closer) => !stray.has(closer)));
export const atMarker = {
  text: splitAt([...byOpener.keys(), ...lateClosers, ...strayClosers]),
  thinking: splitAt([...families.filter((family) => family.inThinking).flatMap((family) => family.open), ...strayClosers]),
};
/** Where nothing can be called, and an answer streams whatever it looks like. */
export const atFrame = splitAt(frames);
