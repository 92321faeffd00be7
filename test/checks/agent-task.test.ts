import { describe, expect, it } from "vitest";
import { judgeAgentTask, type TaskOutcome } from "../../src/checks/agent-task.ts";
import { claude } from "../../src/clients/claude.ts";
import type { Fact } from "../../src/model/fact.ts";
import { providerAt, targetOf } from "../support/provider.ts";

const target = targetOf(providerAt("http://127.0.0.1:1"), "m");
const request: Fact = { type: "request", id: "1", at: 0, endpoint: "POST /v1/messages", model: "main", stream: true, bytes: 2 };
const failed: Fact = {
  type: "failed",
  id: "1",
  at: 0,
  target: "box/m",
  failure: { kind: "overloaded", origin: "provider", message: "too many at once" },
};
const seen = { client: claude, target, facts: [request], said: "", complained: "", ended: undefined, written: undefined, sent: "claude" };

describe("the task of a real client", () => {
  it.each<[string, Partial<TaskOutcome>, string, string | RegExp]>([
    ["is done", { written: "Hello.\n" }, "good", "hello.txt holds the word, after 1 requests"],
    ["is done otherwise", { written: "goodbye" }, "doubt", 'hello.txt holds "goodbye"'],
    [
      "was not begun",
      { facts: [], complained: "sign in\nfirst\n", ended: "exit code 1" },
      "bad",
      "it sent no request: first (exit code 1)",
    ],
    ["failed at the provider", { facts: [request, failed], said: "it failed" }, "bad", "no hello.txt: too many at once"],
    ["was not done", { said: "What shall I do?" }, "doubt", "no hello.txt after 1 requests (it ended well): What shall I do?"],
    ["ended without a word", {}, "doubt", /: it said nothing$/],
  ])("%s", (_what, differs, state, said) => {
    const finding = judgeAgentTask({ ...seen, ...differs });
    expect(finding.state).toBe(state);
    expect(finding.seen).toEqual(typeof said === "string" ? said : expect.stringMatching(said));
  });
});
