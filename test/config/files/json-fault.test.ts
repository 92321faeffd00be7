import { expect, it } from "vitest";
import { jsonFault } from "../../../src/config/files/json-fault.ts";

it.each([
  ['{ "a": 1 // one\n}', "//", "it has no comments"],
  ['{ /* one */ "a": 1 }', "/*", "it has no comments"],
  ["# one\n{}", "#", "it has no comments"],
  ['{ "//": "a, }", }', ", }", "a comma too many"],
  ["[1, 2,\n]", ",\n]", "a comma too many"],
  ["{ a: 1 }", "a:", "text needs double quotes"],
  ["{ \"a\": 'b' }", "'b'", "text needs double quotes"],
  ['{ "a": "one\ntwo" }', '"one', "a text that does not end on its line, or has a tab in it"],
  ['\uFEFF{ "a": +1 }', "+1", "nothing begins so there"],
])("%j is no JSON from %j on", (text, from, detail) => {
  expect(jsonFault(text)).toEqual({ offset: text.lastIndexOf(from), detail });
});

it.each(['{ "a": [1, -2.5e3, true, false, null, "\\" // # \\u0041"] }', "", "[]"])("%j has none in its words", (text) => {
  expect(jsonFault(text)).toBeUndefined();
});
