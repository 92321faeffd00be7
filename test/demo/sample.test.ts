import { describe, expect, it } from "vitest";
import { sampleOf } from "../../src/demo/sample.ts";

describe("a sample of a schema", () => {
  const cases: readonly [string, object, unknown][] = [
    [
      "an object with all its properties",
      { type: "object", properties: { a: { type: "integer", minimum: 3 }, b: { type: "boolean" } } },
      { a: 3, b: false },
    ],
    ["an enumeration", { enum: ["x", "y"] }, "x"],
    ["a constant", { const: 7 }, 7],
    ["a list of at least two", { type: "array", minItems: 2, items: { type: "null" } }, [null, null]],
    ["the first of several", { anyOf: [{ type: "number" }, { type: "string" }] }, 0],
    ["a reference", { $defs: { n: { const: 1 } }, properties: { x: { $ref: "#/$defs/n" } } }, { x: 1 }],
    ["a short string", { type: "string", maxLength: 3 }, "The"],
    ["one of two types", { type: ["string", "null"] }, "The stand-in model"],
  ];
  it.each(cases)("%s", (_, schema, expected) => {
    expect(sampleOf(schema)).toEqual(expected);
  });

  const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
  it.each([
    ["as what may be there", { properties: Object.fromEntries(names.map((name) => [name, { $ref: "#" }])) }],
    [
      "or null",
      { properties: Object.fromEntries(names.map((name) => [name, { anyOf: [{ $ref: "#" }, { type: "null" }] }])), required: names },
    ],
  ])("stays small where a schema holds itself in several places, %s", (_what, schema) => {
    expect(JSON.stringify(sampleOf(schema)).length).toBeLessThan(100_000);
  });

  it("ends where a schema holds itself", () => {
    expect(() => JSON.stringify(sampleOf({ properties: { self: { $ref: "#" } } }))).not.toThrow();
  });
});
