export interface Split {
  readonly before: string;
  /** Undefined where none is whole; `rest` is then what may be the beginning of one. */
  readonly marker: string | undefined;
  readonly rest: string;
}

/** Splits a stream's text at the first of some markers. `begun`: those of which a beginning is no text yet, where they are others. */
export function splitAt(markers: readonly string[], begun = markers): (text: string) => Split {
  // Nearly no text has one of their first characters, and is searched no further.
  const start = anyOf([...new Set([...markers, ...begun].map((marker) => marker.charAt(0)))]);
  const first = anyOf(markers);
  return (text) => {
    if (!start.test(text)) return { before: text, marker: undefined, rest: "" };
    const match = first.exec(text);
    const marker = match?.[0];
    const at = match?.index ?? text.length - partialMarker(text, begun);
    return { before: text.slice(0, at), marker, rest: text.slice(at + (marker?.length ?? 0)) };
  };
}

/**
 * How many characters at the end of `text` may be the beginning of one of the markers (never a whole one): what a stream must hold
 * back, and no more. Cost is bounded by the longest marker, whatever the text's length.
 */
export function partialMarker(text: string, markers: readonly string[]): number {
  let longest = 0;
  for (const marker of markers) {
    const first = marker.charAt(0);
    let from = text.indexOf(first, Math.max(0, text.length - marker.length + 1));
    while (from >= 0) {
      const length = text.length - from;
      if (length <= longest) break;
      if (marker.startsWith(text.slice(from))) {
        longest = length;
        break;
      }
      from = text.indexOf(first, from + 1);
    }
  }
  return longest;
}

/**
 * Finds the first of some markers. One search for each would look for an absent one up to the text's end, again behind every other that
 * is found.
 */
export function anyOf(markers: readonly string[], flags = ""): RegExp {
  return new RegExp(markers.map(literal).join("|") || "(?!)", flags);
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
