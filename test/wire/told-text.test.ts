import fc from "fast-check";
import { expect, it } from "vitest";
import { createToldText, untold } from "../../src/wire/told-text.ts";

const told = (pieces: readonly string[]) => {
  const text = createToldText();
  for (const piece of pieces) text.add(piece);
  return text;
};

it("is known in whatever goes on from it, however it came, and nothing is brought by what does not", () => {
  const texts = fc.array(fc.string({ unit: "grapheme" }), { maxLength: 8 });
  fc.assert(
    fc.property(texts, fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }), (pieces, more, other) => {
      const text = pieces.join("");
      expect(told(pieces).length).toBe(text.length);
      expect(untold(text + more, told(pieces))).toBe(more);
      if (!other.startsWith(text)) expect(untold(other, told(pieces))).toBe("");
    }),
  );
});
