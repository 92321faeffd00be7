import fc from "fast-check";
import { expect, it } from "vitest";
import { parseJson } from "../../src/model/json.ts";

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

it.each(["", " ", "{", "}", '"', '"a', "[1", "{]", "-", "-1", "\ufeff{}", "\u00a0{}", "truex", "null", "Infinity", "__proto__", "x"])(
  "reads %j as JSON.parse does, or not at all",
  (text) => {
    expect(parseJson(text)).toEqual(parsed(text));
  },
);

it("reads any text as JSON.parse does, or not at all", () => {
  const space = fc.constantFrom("", " ", "\n\t", "\r\n", "\u00a0", "x");
  const cut = fc.tuple(fc.json(), fc.nat(40)).map(([text, from]) => text.slice(0, from));
  fc.assert(
    fc.property(space, fc.oneof(fc.json(), cut, fc.string()), space, (before, text, after) => {
      expect(parseJson(before + text + after)).toEqual(parsed(before + text + after));
    }),
  );
});
