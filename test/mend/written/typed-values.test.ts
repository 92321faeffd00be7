import { expect, it } from "vitest";
import { typedValue } from "../../../src/mend/written/typed-values.ts";

it.each([
  ["3", { type: "integer" }, 3],
  ["1.50", { type: "number" }, 1.5],
  ["x", { type: "integer" }, "x"],
  [" TRUE ", { type: "boolean" }, true],
  ["null", { type: ["integer", "null"] }, null],
  ["3", { enum: ["3", "4"] }, "3"],
  ["3", { enum: [3, 4] }, 3],
  ["null", { enum: [1, null] }, null],
  ["[1, 2]", { const: [1, 2] }, [1, 2]],
  ["3", { anyOf: [{ type: "integer" }, { type: "boolean" }] }, 3],
  ["12", undefined, 12],
  ['{"a":1}', {}, { a: 1 }],
  ["a b", {}, "a b"],
])("a model that writes %s for %j means %j", (text, schema, value) => {
  expect(typedValue(text, schema)).toEqual(value);
});
