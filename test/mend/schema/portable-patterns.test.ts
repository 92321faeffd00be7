import { describe, expect, it } from "vitest";
import { isPortable } from "../../../src/mend/schema/portable-patterns.ts";

/** What `re.compile` of Python 3.12 says. */
describe("a pattern that JavaScript and Python read", () => {
  it.each([
    "^[a-zA-Z0-9_-]{1,64}$",
    "^\\d{4}-\\d{2}-\\d{2}$",
    "^[^\\s/]+$",
    "[-\\w]",
    "^[\\w\\-.]+$",
    "^[\\w.+-]+@[\\w-]+\\.[\\w.-]+$",
    "^https?:\\/\\/[^\\s/$.?#].[^\\s]*$",
    "[\\s\\S]*",
    "[\\b]",
    "[^\\]]+",
    "^\\$\\{[^}]+\\}$",
    "\\u0041\\x41",
    "[\u4e00-\u9fa5]",
    "(?<!ab)c",
    "(?=.*\\d)(?!x)(?:a|b)+?",
    "(?P<name>a)",
    "(a)\\1",
    "\\Aabc\\Z",
  ])("stays: %s", (pattern) => {
    expect(isPortable(pattern)).toBe(true);
  });

  it.each([
    "\\p{L}",
    "[^\\p{Cc}\\p{Zl}]",
    "(?<name>x)",
    "\\k<name>",
    "\\u{41}",
    "\\cA",
    "\\z",
    "\\e",
    "[\\A]",
    "[]",
    "[^]",
    "[a",
    // To Rust it is a set within a set.
    "[^/[\\]]",
    "[\\w-.]",
    "[\\d-_]",
    "^[\\w.-\\s]+$",
    "[\\+-\\d]",
    "(?<=a+)b",
    "(?<=a|bc)",
    "a\\",
  ])("goes: %s", (pattern) => {
    expect(isPortable(pattern)).toBe(false);
  });

  it.each([["["], ["[a"], ["\\"], ["(?<="], ["(?<=a"], ["[\\w-]"], ["[a-"], ["[^]"]])("costs by its length: %s, many times", (piece) => {
    const start = performance.now();
    isPortable(`${piece.repeat(20_000)}\\p`);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
