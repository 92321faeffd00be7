/** Words of the model, what a block of another wire says, or something that is no text of this wire. */
export type Said = "text" | "block" | "other";

/**
 * What stands between two texts where the wire has one string for them. Neighbouring texts are one, split by citations; with something
 * between them they are paragraphs. What another wire's block says has lines of its own: an address at its end would run into the next word.
 */
export function gapBetween(before: Said, next: Said): string {
  if (before === "other") return "\n\n";
  return before === "text" && next === "text" ? "" : "\n";
}
