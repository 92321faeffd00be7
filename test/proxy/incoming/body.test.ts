import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bodyOf } from "../../../src/proxy/incoming/body.ts";

const isJson = (text: string) => {
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
};

/** JSON with spaces, escapes and duplicate names, and the same with one character changed, lost or added. */
const texts = fc
  .tuple(
    fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue(), { maxKeys: 5 }),
    fc.constantFrom(0, 1, 3),
    fc.nat(),
    fc.constantFrom("", ",", '"', "]", "}", "{", "[", "\\", ":", "1", "-", " ", "\n", "x", "\u0001", "e"),
    fc.constantFrom("no", "replaced", "added"),
  )
  .map(([value, spaces, place, character, change]) => {
    const text = JSON.stringify(value, null, spaces);
    const at = place % (text.length + 1);
    return change === "no" ? text : text.slice(0, at) + character + text.slice(at + (change === "added" ? 0 : 1));
  });

describe("the body of a request", () => {
  it("is what JSON.parse makes of it, in its fields and as a whole", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const body = bodyOf(Buffer.from(text, "utf8"));
        // Lone surrogates do not survive UTF-8.
        const right = isJson(Buffer.from(text, "utf8").toString("utf8"));
        if ("failure" in body) {
          expect(right).toBeUndefined();
          return;
        }
        const { json, failure } = { json: undefined, failure: undefined, ...body.parse() };
        if (right === undefined) {
          expect(failure?.message).toMatch(/^The body is not valid JSON: /);
          return;
        }
        expect(json).toEqual(right.json);
        const isObject = typeof right.json === "object" && right.json !== null && !Array.isArray(right.json);
        expect({ ...body.fields }).toEqual(isObject ? right.json : {});
      }),
      { numRuns: Number(process.env["FCC_LAW_RUNS"] ?? 1000) },
    );
  }, 120_000);

  it.each([
    ["a comma too many in a list far inside", '{"model":"m","messages":[{"role":"user","content":"hi"},]}', 56],
    ["a list closed as an object", '{"model":"m","messages":[{"role":"user","content":"hi"]}', 54],
    ["an end too early", '{"model":"m","messages":[', 25],
    ["a word that is no value", '{"model":"m","messages":[nul]}', 25],
    ["a number that is none", '{"model":"m","max_tokens":01}', 26],
    ["something after the end", '{"model":"m"} x', 14],
    ["nothing where a value belongs", '{"model":}', 9],
    ["one quote too few", '{"model":"m}', 12],
  ])("is refused with the place before anything is sent: %s", (_, text, position) => {
    const body = bodyOf(Buffer.from(text));
    expect(body).toEqual({ failure: expect.objectContaining({ message: expect.stringContaining(`position ${position} `) }) });
  });

  it("is held to the grammar inside its strings only where it is parsed", () => {
    const body = bodyOf(Buffer.from(`{"model":"m","messages":["${"long ".repeat(30)}\u0001"]}`));
    if ("failure" in body) throw new Error("refused too soon");
    expect(body.fields["model"]).toBe("m");
    expect(body.parse()).toEqual({ failure: expect.objectContaining({ message: expect.stringContaining("position 176 ") }) });
  });

  it("takes a byte order mark, and fields by any name", () => {
    const body = bodyOf(Buffer.from('\ufeff{"__proto__":{"a":1},"model":"m","model":"n"}'));
    if ("failure" in body) throw new Error("refused");
    expect(Object.keys(body.fields)).toEqual(["__proto__", "model"]);
    expect(body.fields["model"]).toBe("n");
    expect(Object.getPrototypeOf(body.fields)).toBe(Object.prototype);
  });
});
