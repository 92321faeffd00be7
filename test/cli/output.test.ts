import { expect, it } from "vitest";
import { hasColours } from "../../src/cli/output.ts";

it.each([
  [true, {}, true],
  [true, { TERM: "xterm-256color", NO_COLOR: "" }, true],
  [true, { NO_COLOR: "1" }, false],
  [true, { TERM: "dumb" }, false],
  [false, { FORCE_COLOR: "1" }, false],
])("a terminal (%s) with %j has colours: %s", (isTTY, env, expected) => {
  expect(hasColours({ isTTY }, env)).toBe(expected);
});
