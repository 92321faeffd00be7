import { describe, expect, it } from "vitest";
import { withoutBooleans } from "../../../src/mend/schema/plain.ts";
import { walkSchema } from "../../../src/mend/schema/walk.ts";

describe("booleans in the place of schemas", () => {
  it.each([
    ["true is anything", { properties: { a: true } }, { properties: { a: {} } }],
    [
      "false is left out, and required no more",
      { properties: { a: false, b: {} }, required: ["a", "b"] },
      { properties: { b: {} }, required: ["b"] },
    ],
    ["in lists", { anyOf: [true, false, { type: "string" }] }, { anyOf: [{}, { type: "string" }] }],
    ["as items", { type: "array", items: true }, { type: "array", items: {} }],
    [
      "deep down",
      { properties: { a: { items: { properties: { b: true } } } } },
      { properties: { a: { items: { properties: { b: {} } } } } },
    ],
    ["additionalProperties stays", { additionalProperties: false, properties: {} }, { additionalProperties: false, properties: {} }],
    ["values stay", { default: true, enum: [true, false], const: false }, { default: true, enum: [true, false], const: false }],
  ])("%s", (_, schema, expected) => {
    expect(walkSchema(schema, withoutBooleans)).toEqual(expected);
  });
});
