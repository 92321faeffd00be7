/**
 * Finds the first of some markers. One search for each would look for an absent one up to the text's end, again behind every other that
 * is found.
 */
export function anyOf(markers: readonly string[], flags = ""): RegExp {
  return new RegExp(markers.map(literal).join("|") || "(?!)", flags);
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
