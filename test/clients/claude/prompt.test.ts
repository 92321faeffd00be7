import { describe, expect, it } from "vitest";
import { claudePrompt, claudeWithFewerTools } from "../../../src/clients/claude/prompt.ts";

describe("the prompt that Claude Code brings along", () => {
  // What such a request counted, by a vocabulary of 200,000 and by one of 50,000.
  it.each([
    ["all tools", [], 18038, 20302],
    ["six tools", ["--tools=Bash,Edit,Glob,Grep,Read,Write"], 4660, 5277],
    ["three tools", ["--tools", "Bash,Edit", "Read", "-p", "hi"], 3562, 3961],
    ["one tool", ["--tools", "Read"], 2262, 2506],
    ["no tools", ["--tools", "", "-p", "hi"], 1793, 1828],
    ["another system prompt", ["--system-prompt", "X"], 16502, 18703],
    ["another system prompt and no tools", ["--system-prompt", "X", "--tools="], 297, 269],
    ["bare", ["--bare"], 887, 1154],
    ["bare with one tool", ["--bare", "--tools", "Read", "-p", "hi"], 383, 536],
    ["bare without tools", ["--bare", "--tools", ""], 100, 64],
  ])("%s", (_, args, large, small) => {
    const tokens = claudePrompt(args);
    expect(tokens).toBeGreaterThan(Math.min(large, small) * 0.9);
    expect(tokens).toBeLessThan(Math.max(large, small) * 1.1);
  });

  it("is nothing where no session begins", () => {
    expect(claudePrompt(["--version"])).toBe(0);
    expect(claudePrompt(["mcp", "list"])).toBe(0);
    expect(claudeWithFewerTools(["mcp", "list"])).toEqual([]);
  });

  it("counts what the user adds to it", () => {
    expect(claudePrompt(["--tools=", "--append-system-prompt", "word ".repeat(700)])).toBe(claudePrompt(["--tools="]) + 1000);
  });
});

describe("fewer tools", () => {
  it("are offered where the user has not chosen any, the most first", () => {
    const [six, three] = claudeWithFewerTools(["-p", "hi"]);
    expect(six?.option).toBe("--tools=Bash,Edit,Glob,Grep,Read,Write");
    expect(three?.option).toBe("--tools=Bash,Edit,Read");
    expect(claudeWithFewerTools(["--tools=default"])).toHaveLength(2);
  });

  it.each([[["--tools", "Read"]], [["--tools="]], [["--bare"]]])("are not where he has: %j", (args) => {
    expect(claudeWithFewerTools(args)).toEqual([]);
  });
});
