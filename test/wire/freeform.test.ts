import { describe, expect, it } from "vitest";
import { createFreeformReader } from "../../src/wire/freeform.ts";
import { growth, notItsSquare } from "../support/growth.ts";

const read = (pieces: Iterable<string>) => {
  const reader = createFreeformReader();
  const come = [...pieces].map((piece) => reader.push(piece)).join("");
  const { text, whole } = reader.end();
  return { text: come + text, whole };
};

describe("the text of a freeform tool", () => {
  const longName = "x".repeat(300);
  it.each<[what: string, json: string, text: string, whole?: boolean]>([
    ["the one parameter that it has", '{ "input" : "a\\n\\u00e9\\ud83d\\ude00" }', "a\né😀"],
    ["what stands behind it is left out", '{"input":"a","other":1}', "a"],
    ["a text alone, in quotes", '"a\\tb"', "a\tb"],
    ["a text alone, without", "*** Begin Patch\n", "*** Begin Patch\n"],
    ["a parameter of another name", '{"patch":"a"}', "a"],
    ["one of a name that is longer than any beginning", `{"${longName}":"a"}`, "a"],
    ["an object in the place of the text", '{"input":{"a":1}}', '{"a":1}'],
    ["an object that is the text", '{"a":1,"b":2}', '{"a":1,"b":2}'],
    ["JSON that is no object", "[1]", "[1]"],
    ["no arguments", "{}", ""],
    ["null", '{"input":null}', ""],
    ["nothing but space", " \n", ""],
    ["one that was cut", '{"input":"a\\', "a", false],
    ["one that was cut before its text", '{"inp', '{"inp', false],
  ])("is read however the model wrote it, at once and by the character: %s", (_what, json, text, whole = true) => {
    expect(read([json])).toEqual({ text, whole });
    expect(read(json)).toEqual({ text, whole });
  });

  it("costs by its length, not by its square, where the model wrote it alone", () => {
    expect(growth((size) => read("*".repeat(size)), 10_000)).toBeLessThan(notItsSquare);
  });
});
