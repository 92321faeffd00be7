import { describe, expect, it } from "vitest";
import { kimiCoding } from "../../src/providers/kimi-coding.ts";
import { chooseWire } from "../../src/route/choose-wire.ts";
import { resolveModel } from "../../src/route/plan.ts";
import { type Target, targetName } from "../../src/route/target.ts";
import { wireIds } from "../../src/route/wire-ids.ts";
import { profileOf, providerAt, targetOf, wiresAt } from "../support/provider.ts";

const ollama = providerAt("http://127.0.0.1:1", { id: "ollama" });
const router = providerAt("http://127.0.0.1:2", { id: "openrouter" });
const main = targetOf(ollama, "qwen3:8b");
const opus = targetOf(router, "deepseek/deepseek-v4", { context: 99 });
const haiku = targetOf(ollama, "llama3.2:3b");
const profile = profileOf([main], { tiers: { opus: [opus, main], sonnet: [main], haiku: [haiku], fable: [main] }, subagent: [haiku] });

describe("the names of a launch", () => {
  it("are readable, unique, and without a slash", () => {
    expect(wireIds(profile)).toEqual({
      main: "main:qwen3:8b",
      opus: "opus:deepseek-v4",
      sonnet: "sonnet:qwen3:8b",
      haiku: "haiku:llama3.2:3b",
      fable: "fable:qwen3:8b",
      subagent: "subagent:llama3.2:3b",
    });
  });
});

describe("a model's name", () => {
  it.each([
    ["opus:deepseek-v4", "opus", ["openrouter/deepseek/deepseek-v4", "ollama/qwen3:8b"]],
    ["OPUS:deepseek-v4", "opus", ["openrouter/deepseek/deepseek-v4", "ollama/qwen3:8b"]],
    ["opus:deepseek-v4[1m]", "opus", ["openrouter/deepseek/deepseek-v4", "ollama/qwen3:8b"]],
    ["main:qwen3:8b", "main", ["ollama/qwen3:8b"]],
    ["subagent:llama3.2:3b", "subagent", ["ollama/llama3.2:3b"]],
    ["subagent", "subagent", ["ollama/llama3.2:3b"]],
    ["main", "main", ["ollama/qwen3:8b"]],
    ["opus", "opus", ["openrouter/deepseek/deepseek-v4", "ollama/qwen3:8b"]],
    ["openrouter/deepseek/deepseek-v4", "exact", ["openrouter/deepseek/deepseek-v4"]],
    ["openrouter/never/heard-of", "exact", ["openrouter/never/heard-of"]],
    ["claude-opus-5-5", "opus", ["openrouter/deepseek/deepseek-v4", "ollama/qwen3:8b"]],
    ["claude-opus-5-5[1m]", "opus", ["openrouter/deepseek/deepseek-v4", "ollama/qwen3:8b"]],
    ["claude-3-5-haiku-20241022", "haiku", ["ollama/llama3.2:3b"]],
    ["Claude-Fable-5-2", "fable", ["ollama/qwen3:8b"]],
    ["gpt-5.6", "main", ["ollama/qwen3:8b"]],
    ["default", "main", ["ollama/qwen3:8b"]],
  ])("%s means %s", (name, role, targets) => {
    const plan = resolveModel(profile, name);
    if ("failure" in plan) throw new Error(plan.failure.message);
    expect(plan.role).toBe(role);
    expect(plan.targets.map(targetName)).toEqual(targets);
  });

  it("keeps what the profile says of a target that is named exactly", () => {
    expect(resolveModel(profile, "openrouter/deepseek/deepseek-v4")).toMatchObject({ targets: [{ context: 99 }] });
  });

  it("has the main model's settings where a tier says others of the same target", () => {
    const twice = profileOf([targetOf(ollama, "q", { maxOutput: 1 })], { subagent: [targetOf(ollama, "q", { maxOutput: 2 })] });
    expect(resolveModel(twice, "ollama/q")).toMatchObject({ targets: [{ maxOutput: 1 }] });
  });

  it.each([
    ["olama/qwen3:8b", "ollama/qwen3:8b"],
    ["openruter/x-large-model", "openrouter/x-large-model"],
    ["deepseek/deepseek-v4", undefined],
    ["zzzzzzzzzzzzzzzz/y", undefined],
  ])("%s is unknown; the nearest is %s", (name, near) => {
    const plan = resolveModel(profile, name);
    if (!("failure" in plan)) throw new Error("resolved");
    expect(plan.failure).toMatchObject({ kind: "not-found", origin: "fcc" });
    if (near !== undefined) expect(plan.failure.message).toContain(`Did you mean "${near}"?`);
    else expect(plan.failure.message).toMatch(/Did you mean|The providers are ollama, openrouter/);
  });

  it("is unknown as soon as it is read, however long it is", () => {
    const began = performance.now();
    expect(resolveModel(profile, `${"x".repeat(1_000_000)}/${"y".repeat(1_000_000)}`)).toHaveProperty("failure");
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it("with a slash and no model behind it is unknown", () => {
    expect(resolveModel(profile, "ollama/")).toHaveProperty("failure");
  });
});

describe("the wire for a client", () => {
  const speaks = wiresAt("http://x", "chat", "messages", "responses");
  const all = providerAt("http://x", { speaks });

  it("is its own where the provider speaks it", () => {
    for (const wire of ["messages", "chat", "responses"] as const)
      expect(chooseWire({ target: targetOf(all), quirks: {} }, wire, {})).toEqual({ wire, native: true });
  });

  it("is the row's better one", () => {
    const better = providerAt("http://x", { speaks }, { better: { messages: { wire: "chat", reason: "x" } } });
    expect(chooseWire({ target: targetOf(better), quirks: {} }, "messages", {})).toEqual({ wire: "chat", native: false });
    expect(chooseWire({ target: targetOf(better), quirks: {} }, "responses", {})).toEqual({ wire: "responses", native: true });
  });

  it("is Messages for every client of Kimi's membership, whose chat endpoint refuses agents that it does not know", () => {
    const member = providerAt("https://api.kimi.com/coding", { id: "kimi-coding", speaks: kimiCoding.speaks }, kimiCoding);
    for (const client of ["messages", "chat", "responses"] as const)
      expect(chooseWire({ target: targetOf(member, "k3"), quirks: {} }, client, {})).toEqual({
        wire: "messages",
        native: client === "messages",
      });
  });

  const agentMessage = (encrypted_content: string) => ({
    type: "agent_message",
    content: [{ type: "encrypted_content", encrypted_content }],
  });

  it("is chat where the provider speaks no other", () => {
    expect(chooseWire({ target: targetOf(ollama), quirks: {} }, "messages", {})).toEqual({ wire: "chat", native: false });
    expect(chooseWire({ target: targetOf(ollama), quirks: {} }, "responses", {})).toEqual({ wire: "chat", native: false });
  });

  it("is the one by which the model has to be asked, where it is spoken", () => {
    const split = providerAt("http://x", { speaks });
    expect(chooseWire({ target: targetOf(split), quirks: { wire: "responses" } }, "chat", {})).toEqual({
      wire: "responses",
      native: false,
    });
    expect(chooseWire({ target: targetOf(ollama), quirks: { wire: "responses" } }, "chat", {})).toEqual({ wire: "chat", native: true });
  });

  it("is only one of those that serve this model", () => {
    const split = providerAt("http://x", { speaks }, { modelWires: { "": ["chat"], claude: ["messages"] } });
    expect(chooseWire({ target: targetOf(split, "glm"), quirks: {} }, "messages", {}).wire).toBe("chat");
    expect(chooseWire({ target: targetOf(split, "claude-5"), quirks: {} }, "chat", {}).wire).toBe("messages");
  });

  it("is one that is configured, where the row serves the model by others alone", () => {
    const elsewhere = providerAt("http://x", { speaks: wiresAt("http://x", "messages") }, { speaks: wiresAt("http://x", "chat") });
    expect(chooseWire({ target: targetOf(elsewhere), quirks: {} }, "chat", {})).toEqual({ wire: "messages", native: false });
  });

  it("is none that is configured where the row serves the model by another", () => {
    const more = providerAt("http://x", { speaks }, { speaks: wiresAt("http://x", "chat") });
    expect(chooseWire({ target: targetOf(more), quirks: {} }, "messages", {}).wire).toBe("chat");
  });

  it.each([
    ["a fault of its Messages endpoint", { nativeFaults: ["arguments"] }, "messages", {}, false],
    ["a fault of another endpoint", { nativeFaults: ["arguments"] }, "chat", {}, true],
    ["conversations that are written anew", { nativeFaults: ["conversation"] }, "chat", { n: 1 }, false],
    ["one in sound, for which only its bytes can ask", { nativeFaults: ["conversation"] }, "chat", { modalities: ["audio"] }, true],
    ["several replies, for which only its bytes can ask", { nativeFaults: ["conversation"] }, "chat", { n: 2 }, true],
    ["truncation in silence, on every wire", { nativeFaults: ["silent-truncation"] }, "chat", {}, false],
    ["a system turn that it leaves where it is", { nativeFaults: ["late-system"] }, "messages", { messages: [{ role: "system" }] }, false],
    ["no system turn", { nativeFaults: ["late-system"] }, "messages", { messages: [{ role: "user" }] }, true],
    ["a system turn on another wire", { nativeFaults: ["late-system"] }, "chat", { messages: [{ role: "system" }] }, true],
    ["kinds of tools that it does not know", { nativeFaults: ["tool-kinds"] }, "responses", { tools: [{ type: "namespace" }] }, false],
    ["kinds of tools that are not there", { nativeFaults: ["tool-kinds"] }, "responses", { tools: [{ type: "function" }] }, true],
    [
      "a hosted tool that it does not know",
      { nativeFaults: ["tool-kinds"] },
      "messages",
      { tools: [{ type: "web_search_20250305" }] },
      false,
    ],
    ["tools of the client's own", { nativeFaults: ["tool-kinds"] }, "messages", { tools: [{ name: "Bash" }] }, true],
    [
      "a refused field that is there",
      { refusedMessagesFields: ["output_config.effort"] },
      "messages",
      { output_config: { effort: "high" } },
      ["refused"],
    ],
    ["a task among agents that no server opens", {}, "responses", { input: [agentMessage("look at a.ts")] }, false],
    ["a task that OpenAI's servers encrypted", {}, "responses", { input: [agentMessage("gAAAAABqx_9=")] }, true],
    ["a description that is too long", { toolDescriptionLength: 2 }, "chat", { tools: [{ function: { description: "abc" } }] }, false],
    ["one that is not", { toolDescriptionLength: 3 }, "responses", { tools: [{ description: "abc" }, { type: "web_search" }] }, true],
    ["a description that is no text", { toolDescriptionLength: 2 }, "chat", { tools: [{ description: { toString: 1 } }] }, true],
    ["a kind of thinking that is none", { refusedMessagesFields: ["stop"] }, "messages", { thinking: { type: { toString: 1 } } }, true],
    [
      "a refused kind of thinking",
      { refusedMessagesFields: ["thinking.disabled"] },
      "messages",
      { thinking: { type: "disabled" } },
      ["thinking"],
    ],
    ["another kind of thinking", { refusedMessagesFields: ["thinking.disabled"] }, "messages", { thinking: { type: "adaptive" } }, true],
    ["no word of thinking, where it has to be asked for", { refusedMessagesFields: ["thinking.missing"] }, "messages", {}, ["thinking"]],
    ["tools of a model that may not think beside them", { effortBesideTools: false }, "chat", { tools: [{}] }, false],
    ["such tools without thinking", { effortBesideTools: false }, "chat", { tools: [{}], reasoning_effort: "none" }, true],
    ["no tools of such a model", { effortBesideTools: false }, "chat", { tools: [], reasoning_effort: "high" }, true],
    ["a reply's schema that is told in words", { replySchema: "none" }, "chat", { response_format: { type: "json_schema" } }, false],
    ["a reply's form that is text", { replySchema: "none" }, "responses", { text: { format: { type: "text" } } }, true],
    ["a refused field that is not there", { refusedMessagesFields: ["output_config.effort"] }, "messages", { output_config: {} }, true],
    [
      "a refused field in a list",
      { refusedMessagesFields: ["tools.cache_control"] },
      "messages",
      { tools: [{}, { cache_control: 1 }] },
      ["refused"],
    ],
    ["a chat field that is refused", { refusedFields: ["stop"] }, "chat", { stop: ["x"] }, false],
    ["one in a tool", { refusedFields: ["strict"] }, "chat", { tools: [{ function: { strict: true } }] }, ["refused"]],
    ["one in a message", { refusedFields: ["reasoning_content"] }, "chat", { messages: [{ reasoning_content: "x" }] }, ["refused"]],
    ["one in a part", { refusedFields: ["cache_control"] }, "chat", { messages: [{ content: [{ cache_control: {} }] }] }, ["refused"]],
    ["more output than is allowed", { maxOutput: 100 }, "messages", { max_tokens: 101 }, ["limit"]],
    ["no more output than is allowed", { maxOutput: 100 }, "messages", { max_tokens: 100 }, true],
    ["no limit where one has to be named", { defaultOutput: 100 }, "chat", {}, ["limit"]],
    ["a limit where one has to be named", { defaultOutput: 100 }, "chat", { max_completion_tokens: 5 }, true],
    ["a limit by another name than chat's here", { maxTokensField: "max_completion_tokens" }, "chat", { max_tokens: 100 }, ["limit"]],
    ["a limit where chat's name is another", { maxTokensField: "max_completion_tokens" }, "responses", { max_output_tokens: 100 }, true],
    [
      "thinking that is refused with all that is said of it",
      { refusedMessagesFields: ["thinking"] },
      "messages",
      { thinking: {} },
      ["refused"],
    ],
    ["a form of the reply that is refused", { refusedFields: ["text"] }, "responses", { text: { format: { type: "json_schema" } } }, false],
    ["what stands beside one that is not there", { refusedFields: ["text"] }, "responses", { text: { verbosity: "low" } }, ["refused"]],
    ["a call that may not be insisted on", { refusedFields: ["tool_choice"] }, "chat", { tool_choice: "required" }, false],
    ["a choice that says nothing", { refusedFields: ["tool_choice"] }, "chat", { tool_choice: "auto" }, ["refused"]],
    ["several single fields", { refusedFields: ["seed"], maxOutput: 1 }, "chat", { seed: 1, max_tokens: 2 }, ["limit", "refused"]],
    ["a field, and the conversation", { refusedFields: ["seed"], nativeFaults: ["conversation"] }, "chat", { seed: 1 }, false],
    [
      "text that means nothing",
      { nativeFaults: ["content-rules"] },
      "messages",
      { messages: [{ role: "user", content: " " }] },
      ["content"],
    ],
    ["fields that fcc does not know", { nativeFaults: ["unknown-fields"] }, "messages", {}, false],
  ] as const)("passes bytes, but for single fields, or not: %s", (_name, quirks, wire, body, passes) => {
    const { native, obstacle } = chooseWire({ target: targetOf(all), quirks }, wire, body);
    expect(native).toBe(passes !== false);
    if (passes === false) expect(obstacle?.edits).toContain("conversation");
    else expect(obstacle?.edits).toEqual(passes === true ? undefined : passes);
  });

  it("changes in the bytes what the profile fixes", () => {
    const edits = (over: Partial<Target>) => chooseWire({ target: targetOf(all, "m", over), quirks: {} }, "messages", {}).obstacle?.edits;
    expect(edits({ reasoning: "off" })).toEqual(["thinking", "effort", "sampling"]);
    expect(edits({ sampling: { temperature: 0 } })).toEqual(["sampling"]);
  });
});
