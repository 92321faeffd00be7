import { describe, expect, it } from "vitest";
import packageFile from "../../package.json" with { type: "json" };
import { claude } from "../../src/clients/claude.ts";
import { judgeClient, judgeNode, oldestNode } from "../../src/doctor/machine.ts";

describe("Node", () => {
  it("is held to what the package asks for", () => {
    expect(packageFile.engines.node).toBe(`>=${oldestNode}`);
    expect(judgeNode("v20.18.0").state).toBe("bad");
    expect(judgeNode("v20.18.1").state).toBe("good");
  });
});

describe("a client", () => {
  it.each([
    ["is not there", {}, "doubt"],
    ["is the tested version", { path: "/bin/claude", printed: "2.1.332 (Claude Code)" }, "good"],
    ["is newer", { path: "/bin/claude", printed: "3.0.0 (Claude Code)" }, "good"],
    ["is older than the tested version", { path: "/bin/claude", printed: "2.1.200 (Claude Code)" }, "doubt"],
    ["is too old", { path: "/bin/claude", printed: "1.0.24 (Claude Code)" }, "bad"],
    ["says nothing", { path: "/bin/claude", printed: "" }, "bad"],
    ["does not run", { path: "/bin/claude", printed: "2.1.332 needs glibc", failed: true }, "bad"],
  ])("%s", (_what, seen, state) => {
    const finding = judgeClient({ client: claude, ...seen });
    expect(finding.state).toBe(state);
    if (state !== "good") expect(finding.todo).toContain("npm install -g @anthropic-ai/claude-code@2.1.332");
  });
});
