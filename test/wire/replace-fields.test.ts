import { describe, expect, it } from "vitest";
import { parseExactly } from "../../src/model/exact-json.ts";
import { replaceFields } from "../../src/wire/replace-fields.ts";

const change = (text: string, changed: Record<string, unknown>) => {
  const before = parseExactly(text) as Record<string, unknown>;
  return replaceFields(Buffer.from(text), before, { ...before, ...changed }).toString();
};

describe("fields of a body that are changed in its bytes", () => {
  it.each([
    ["one in the middle", '{"a": 1.0, "b" : 2 ,"c":3}', { b: [4] }, '{"a": 1.0, "b" : [4] ,"c":3}'],
    ["one that goes", '{"a": 1.0, "b" : 2 ,"c":3}', { b: undefined }, '{"a": 1.0 ,"c":3}'],
    ["the first, and a new one", '{ "a":1, "b":2}', { a: undefined, d: 1 }, '{ "d":1,"b":2}'],
    ["all, and a new one", '{"a":1}', { a: undefined, d: 1 }, '{"d":1}'],
    ["all", '{ "a":1, "b":2 }', { a: undefined, b: undefined }, "{  }"],
    ["one that is there twice", '{"a":1,"b":2,"a":3}', { a: 4 }, '{"b":2,"a":4}'],
    ["one that is there twice and goes", '{"a":1,"b":2,"a":3}', { a: undefined }, '{"b":2}'],
    ["a long integer in another one", '{"a":[12345678901234567890],"b":1}', { b: 2 }, '{"a":[12345678901234567890],"b":2}'],
    ["none", '{ "a" : 1 }', {}, '{ "a" : 1 }'],
    ["a name in other letters", '{"\\u0061":1,"b":2}', { a: 3 }, '{"\\u0061":3,"b":2}'],
  ])("%s", (_name, text, changed, expected) => {
    expect(change(text, changed)).toBe(expected);
  });
});
