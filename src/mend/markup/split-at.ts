import { anyOf } from "./any-of.ts";
import { partialMarker } from "./partial-marker.ts";

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
