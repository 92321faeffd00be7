import { expect, it } from "vitest";
import { compareVersions } from "../../src/clients/version.ts";

it.each([
  ["20.18.1", "20.18.1", 0],
  ["v20.18.0", "20.18.1", -1],
  ["22.0.0", "20.18.1", 1],
  ["2.1.330", "2.1.9", 1],
  ["3.13", "3.12.9", 1],
  ["2.1.330-beta.1", "2.1.330", 0],
])("compares %s with %s", (a, b, expected) => {
  expect(Math.sign(compareVersions(a, b))).toBe(expected);
});
