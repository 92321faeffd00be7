import { describe, expect, it } from "vitest";
import { audienceOf } from "../../src/clients/audience.ts";

describe("who reads a failure", () => {
  it.each([
    ["OpenAI's SDK", { "user-agent": "OpenAI/JS 6.49.0", "x-stainless-lang": "js" }, "program"],
    ["Anthropic's SDK", { "user-agent": "Anthropic/Python 0.80.0", "x-stainless-lang": "python" }, "program"],
    ["the AI SDK", { "user-agent": "ai/5.0.0 ai-sdk/openai/2.0.0 runtime/node.js/20" }, "program"],
    ["Claude Code", { "user-agent": "claude-cli/2.1.332 (external, cli)", "x-app": "cli", "x-stainless-lang": "js" }, "agent"],
    ["Claude Code under another name", { "user-agent": "mine", "x-app": "cli", "x-stainless-lang": "js" }, "agent"],
    ["Codex", { "user-agent": "codex_exec/0.171.0", originator: "codex_exec" }, "agent"],
    ["a program by an HTTP library", { "user-agent": "Go-http-client/2.0" }, "unnamed"],
    ["a program that does not say what it is", {}, "unnamed"],
    ["LiteLLM", { "user-agent": "litellm/1.80.0" }, "program"],
  ] as const)("%s", (_, headers, audience) => {
    expect(audienceOf(headers)).toBe(audience);
  });
});
