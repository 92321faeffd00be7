import { describe, expect, it } from "vitest";
import packageFile from "../../package.json" with { type: "json" };
import { judgeClient, judgeNode, oldestNode } from "../../src/checks/versions.ts";
import { claude } from "../../src/clients/claude.ts";

describe("Node", () => {
  it("is held to what the package asks for", () => {
    expect(packageFile.engines.node).toBe(`>=${oldestNode}`);
    expect(judgeNode("v20.18.0").state).toBe("bad");
    expect(judgeNode("v20.18.1").state).toBe("good");
  });
});

describe("a client", () => {
  const answered = (said: string, ok = true) => ({ program: "/bin/claude", said, ok });
  it.each([
    ["is not there", undefined, "doubt"],
    ["is the tested version", answered("2.1.332 (Claude Code)"), "good"],
    ["is newer", answered("3.0.0 (Claude Code)"), "good"],
    ["is older than the tested version", answered("2.1.200 (Claude Code)"), "doubt"],
    ["is too old", answered("1.0.24 (Claude Code)"), "bad"],
    ["says nothing", answered(""), "bad"],
    ["does not run", answered("2.1.332 needs glibc", false), "bad"],
  ])("%s", (_what, answer, state) => {
    const finding = judgeClient(claude, answer);
    expect(finding.state).toBe(state);
    if (state !== "good") expect(finding.todo).toContain("npm install -g @anthropic-ai/claude-code@2.1.332");
  });

  it("that is not there is installed by --yes, but not under a boundary", () => {
    expect(judgeClient(claude, undefined).todo).toMatch(/^`fcc claude --yes` installs it .*, but not under a boundary; or: `npm /);
  });
});
