/**
 * Finds the first of some markers. One search for each would look for an absent one up to the text's end, again behind every other that
 * is found.
 */
export function anyOf(markers: readonly string[], flags = ""): RegExp {
  return new RegExp(markers.map(literal).join("|") || "(?!)", flags);
}

/** Finds a first character of theirs: nearly no text has one, and is searched no further. */
export function anyStart(markers: readonly string[]): RegExp {
  return anyOf([...new Set(markers.map((marker) => marker.charAt(0)))]);
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
