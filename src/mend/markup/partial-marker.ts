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
