import { describe, expect, it } from "vitest";
import type { Capability, Failure } from "../../src/model/failure.ts";
import type { WireName } from "../../src/model/opaque.ts";
import type { Quirks } from "../../src/model/quirks.ts";
import type { Audience } from "../../src/model/wire.ts";
import { emptyMemory, learn, type Sent } from "../../src/route/memory.ts";
import { firstAttempt, nextAttempt } from "../../src/route/next.ts";
import { providerAt, targetOf } from "../support/provider.ts";
import { failure, outcome, plan, target, taught, taughtBy, walk } from "./walking.ts";

const onResponses = { wire: "responses" } as const;
const ways = ["bytes", "translated"] as const;

describe("the same request in another form", () => {
  const refuses = (field: string, over: Partial<Failure> = {}) => failure("bad-request", { refused: { field }, ...over });

  it.each([
    "temperature",
    "top_p",
    "verbosity",
    "prompt_cache_retention",
    "safety_identifier",
    "client_metadata",
    "stream_options",
    "parallel_tool_calls",
    "tool_choice",
    "stop",
    "max_tokens",
    "phase",
  ])("without %s", (field) => {
    const { steps, memory } = walk(plan(target("a"), target("b")), (_name, _key, step) => (step === 0 ? refuses(field) : undefined));
    expect(steps).toEqual(["a/m", "a/m"]);
    expect(taught(memory).refusedFields).toEqual([field]);
  });

  it.each(ways)("without an effort by each wire's name, sent as %s", (sent) => {
    const refused = taughtBy(refuses("reasoning_effort"), { sent });
    expect(refused.refusedFields).toEqual(["reasoning_effort", "reasoning.effort"]);
    expect(refused.refusedMessagesFields).toEqual(["output_config.effort"]);
  });

  it.each([
    ["reasoning.summary", "reasoning.summary"],
    ["text.verbosity", "text.verbosity"],
    ["reasoning.effort", "reasoning"],
  ])("without %s: %s", (field, left) => {
    expect(taughtBy(refuses(field), { sent: "bytes" }).refusedFields).toEqual([left]);
  });

  it("without an effort by each wire's name where the model does not think at all", () => {
    const refused = taughtBy(refuses("reasoning_effort", { message: "thinking not supported for this model" }), { sent: "bytes" });
    expect(refused.refusedFields).toEqual(["reasoning_effort", "reasoning.effort"]);
  });

  it("without an effort where thinking is refused, which is all that was said of it", () => {
    for (const message of ["thinking is not supported", "Thinking is not supported for this model."]) {
      const refused = taughtBy(refuses("thinking", { message }), { sent: "translated" });
      expect(refused.refusedFields).toEqual(["reasoning_effort", "reasoning.effort"]);
    }
    const other = taughtBy(refuses("thinking", { message: "thinking is not supported with tool_choice" }), { sent: "translated" });
    expect(other.refusedFields).toEqual(["thinking"]);
  });

  it.each<[message: string, left: Quirks["efforts"]]>([
    ["Reasoning is mandatory for this endpoint and cannot be disabled.", ["low", "medium", "high"]],
    ["Budget 0 is invalid. This model only works in thinking mode.", ["low", "medium", "high"]],
    ["Thinking can't be disabled for this model.", ["low", "medium", "high"]],
    ["Thinking level HIGH is not supported for this model. Please retry with other thinking level.", ["none", "low", "medium"]],
    [
      "Unsupported value: 'reasoning_effort' does not support 'none' with this model. Supported values are: 'minimal', 'low', and 'high'.",
      ["minimal", "low", "high"],
    ],
    ["reasoning_effort must be one of `none` or `default`", ["none"]],
    ["reasoning_effort: Input should be 'low', 'medium' or 'high'", ["low", "medium", "high"]],
    ['level "none" not supported, valid levels: low, medium, high, xhigh', ["low", "medium", "high", "xhigh"]],
    ["Unexpected reasoning effort high. Supported types are xhigh (default), medium, and low.", ["low", "medium", "xhigh"]],
  ])("with the nearest of the efforts that are left: %s", (message, left) => {
    const of = plan(targetOf(providerAt("http://x", { id: "a" }), "m", { quirks: { efforts: ["none", "low", "medium", "high"] } }));
    const refusing = failure("bad-request", { message });
    const { steps, memory } = walk(of, (_name, _key, step) => (step === 0 ? refusing : undefined));
    expect(steps).toEqual(["a/m", "a/m"]);
    expect(taught(memory)).toEqual({ efforts: left });
    expect(walk(of, () => refusing).steps.length).toBe(2);
  });

  it("rewritten with the nearest effort, but for Claude Code, which leaves it out by itself", () => {
    const message = "Unsupported value: 'xhigh' is not supported with the 'm' model. Supported values are: 'low' and 'high'.";
    const learned = (client: "messages" | "responses") => taughtBy(refuses("reasoning.effort", { message }), { sent: "bytes", client });
    expect(learned("responses")).toEqual({ efforts: ["low", "high"], nativeFaults: ["conversation"] });
    expect(learned("messages")).not.toHaveProperty("efforts");
  });

  it("rewritten with the nearest of the efforts that were known, where bytes said another", () => {
    const quirks = { efforts: ["none", "high"] } as const;
    const of = plan(targetOf(providerAt("http://x", { id: "a" }), "m", { quirks }));
    const message = "reasoning_effort: Input should be 'none' or 'high'";
    const learned = taughtBy(refuses("reasoning_effort", { message }), { sent: "bytes", client: "chat" }, of);
    expect(learned).toEqual({ ...quirks, nativeFaults: ["conversation"] });
  });

  it("rewritten with the nearest of them too, where bytes said one that is refused by name", () => {
    const quirks = { efforts: ["low", "high"] } as const;
    const of = plan(targetOf(providerAt("http://x", { id: "a" }), "m", { quirks }));
    const refusing = failure("bad-request", { message: "Thinking level MINIMAL is not supported for this model." });
    const learned = (sent: Sent) => taughtBy(refusing, { sent, client: "chat", audience: "program" }, of);
    expect(learned("bytes")).toEqual({ ...quirks, nativeFaults: ["conversation"] });
    expect(learned("translated")).toEqual({});
  });

  it("is tried once for each field, and ends", () => {
    const { steps, told } = walk(plan(target("a")), (_name, _key, step) => refuses(step === 0 ? "temperature" : "top_p"));
    expect(steps.length).toBe(3);
    expect(told?.kind).toBe("bad-request");
  });

  it("is not learned from a request that no provider saw", () => {
    for (const origin of ["client", "fcc"] as const)
      for (const field of ["temperature", "max_tokens", "stop", "response_format"])
        expect(taughtBy(refuses(field, { origin }))).toEqual({});
  });

  it("keeps the output limit where the wire cannot do without it", () => {
    const { memory } = walk(plan(target("a")), (_name, _key, step) => (step === 0 ? refuses("max_tokens") : undefined));
    expect(taught(memory)).toEqual({ refusedFields: ["max_tokens"] });
  });

  it("without switching thinking off, where a model always thinks, bytes or not", () => {
    const of = plan(target("a"));
    const refusing = refuses("thinking.type.disabled");
    for (const sent of ways) {
      expect(taughtBy(refusing, { sent })).toEqual({ refusedMessagesFields: ["thinking.disabled"] });
    }
    expect(walk(of, () => refusing).steps.length).toBe(2);
  });

  it("with thinking switched off in the other word, where a model asks for it, bytes or not, Claude Code's too", () => {
    const message =
      'To turn thinking off on this model, send "thinking": {"type": "between_tools"} instead of {"type": "disabled"}. The model does not think before responding.';
    for (const sent of ways) {
      for (const audience of ["program", "agent"] as const) {
        const taught = taughtBy(failure("bad-request", { message }), { sent, audience });
        expect(taught).toEqual({ thinkingOff: "between_tools", refusedMessagesFields: ["thinking.disabled"] });
      }
    }
  });

  it.each([
    "thinking.type.between_tools is not supported for this model.",
    "thinking: Input tag 'between_tools' found using 'type' does not match any of the expected tags: 'adaptive', 'disabled', 'enabled'",
    "thinking.type: Input should be 'enabled', 'disabled' or 'adaptive'",
  ])("with thinking switched off in the common word, where the other is refused: %s", (message) => {
    for (const kind of ["bad-request", "refused-capability"] as const) {
      const taught = taughtBy(failure(kind, { message }), { sent: "bytes" });
      expect(taught).toEqual({ thinkingOff: "disabled", refusedMessagesFields: ["thinking.between_tools"] });
    }
  });

  it("with thinking as the model takes it, where it is a budget that is not among what is", () => {
    const message = "thinking.type: Input should be 'adaptive' or 'disabled'";
    const refusing = failure("refused-capability", { message, refused: { capability: "thinking_type:enabled" } });
    expect(taughtBy(refusing)).toEqual({ refusedMessagesFields: ["thinking.enabled"] });
    expect(taughtBy(refusing, { sent: "bytes" })).toEqual({});
  });

  it("without reasoning that was encrypted for another key", () => {
    const message = "The encrypted content gAAA could not be verified. Reason: Encrypted content organization_id did not match.";
    const refusing = failure("bad-request", { message });
    const { steps, memory } = walk(plan(target("a")), (_name, _key, step) => (step === 0 ? refusing : undefined));
    expect(steps.length).toBe(2);
    expect(taught(memory)).toEqual({ refusedFields: ["encrypted_content"] });
    expect(walk(plan(target("a")), () => refusing).steps.length).toBe(2);
  });

  it("without what Claude sealed elsewhere, which it does not know again behind a chat endpoint", () => {
    const message = "messages.7.content.2: Invalid `signature` in `thinking` block";
    const refusing = failure("refused-capability", { message, refused: { capability: "thinking_signature" } });
    const refusedFrom = (over: Parameters<typeof taughtBy>[1]) => taughtBy(refusing, over);
    const bare = { refusedFields: ["thought_signature"] };
    expect(refusedFrom({ sent: "bytes", client: "chat" })).toEqual({ ...bare, nativeFaults: ["conversation"] });
    expect(refusedFrom({ client: "responses" })).toEqual(bare);
    // Claude Code leaves its blocks out by itself; of a client's own blocks, those alone are left out.
    expect(refusedFrom({ client: "messages" })).toEqual({});
    expect(refusedFrom({ sent: "bytes", client: "messages", audience: "program" })).toEqual({});
  });

  it.each([
    "Corrupted thought signature.",
    "Invalid thought signature.",
    "Unable to submit request because Thought signature is not valid.. Learn more: https://cloud.google.com/vertex-ai",
  ])("without signatures that Gemini does not know again: %s", (message) => {
    const refusing = failure("refused-capability", { message, refused: { capability: "thinking_signature" } });
    const { steps, memory } = walk(plan(target("a")), (_name, _key, step) => (step === 0 ? refusing : undefined));
    expect(steps.length).toBe(2);
    expect(taught(memory)).toEqual({ refusedFields: ["thought_signature"] });
    expect(walk(plan(target("a")), () => refusing).steps.length).toBe(2);
    expect(taughtBy(refusing, { sent: "bytes", client: "chat" })).toEqual({
      refusedFields: ["thought_signature"],
      nativeFaults: ["conversation"],
    });
    // Of a client's own blocks, those alone are left out.
    expect(taughtBy(refusing, { sent: "bytes", client: "messages" })).toEqual({});
  });

  it("with descriptions of tools as long as the server takes, bytes or not", () => {
    const of = plan(target("a"));
    const message = "Invalid 'tools[1].function.description': string too long. Expected a string with maximum length 1024, but got 2121.";
    const refusing = failure("bad-request", { message });
    const { steps, memory } = walk(of, (_name, _key, step) => (step === 0 ? refusing : undefined));
    expect(steps.length).toBe(2);
    expect(taught(memory)).toEqual({ toolDescriptionLength: 1024 });
    expect(taughtBy(refusing, { sent: "bytes" })).toEqual(taught(memory));
    expect(walk(of, () => refusing).steps.length).toBe(2);
  });

  it("without a field that a row adds to every request", () => {
    const of = plan(targetOf(providerAt("http://x", { id: "a" }), "m", { quirks: { chatBody: { reasoning_format: "parsed" } } }));
    const { memory } = walk(of, (_name, _key, step) => (step === 0 ? refuses("reasoning_format") : undefined));
    expect(taught(memory).refusedFields).toEqual(["reasoning_format"]);
  });

  it("without switching off what MiniMax-M3.1 does in any case", () => {
    const refusing = failure("bad-request", { message: "invalid params, requires adaptive thinking (2013)" });
    const left = { refusedFields: ["thinking"], refusedMessagesFields: ["thinking.disabled"] };
    for (const sent of ["bytes", "translated"] as const) expect(taughtBy(refusing, { sent })).toEqual(left);
  });

  it("with the kind of thinking that a model has alone", () => {
    const of = plan(targetOf(providerAt("http://x", { id: "a" }), "m", { quirks: { efforts: ["none", "low", "high"] } }));
    const refusing = failure("bad-request", { message: "invalid thinking: only type=enabled is allowed for this model" });
    for (const sent of ways)
      expect(taughtBy(refusing, { sent }, of)).toEqual({
        refusedFields: ["thinking"],
        refusedMessagesFields: ["thinking.disabled", "thinking.adaptive"],
        efforts: ["low", "high"],
      });
    const { steps, memory } = walk(of, (_name, _key, step) => (step < 2 ? refusing : undefined));
    expect(steps.length).toBe(3);
    expect(taught(memory).refusedMessagesFields).toEqual(["thinking.disabled", "thinking.adaptive", "thinking.missing"]);
    expect(walk(of, () => refusing).steps.length).toBe(3);
  });

  it.each([
    [
      "approx_num_tokens",
      "Extra inputs are not permitted, field: 'messages[7].tool_calls[0].approxNumTokens', value: 0",
      ["messages.tool_calls.approxNumTokens"],
    ],
    [
      "citations",
      "messages.0.content.1.text.citations: Extra inputs are not permitted",
      ["messages.content.text.citations", "messages.content.citations"],
    ],
    ["metadata", "messages.1.assistant.metadata: Extra inputs are not permitted", ["messages.assistant.metadata", "messages.metadata"]],
    ["custom_kind", "tools.0.custom.custom_kind: Extra inputs are not permitted", ["tools.custom.custom_kind", "tools.custom_kind"]],
    ["external_web_access", "Unknown parameter: 'tools[0].external_web_access'.", ["tools.external_web_access"]],
    ["citations", "messages[0].content[1]: unknown field `citations`, expected `type` or `text`", ["messages.content.citations"]],
    ["source_id", "messages[1]: unknown field `source_id`, expected one of `role`, `content`", ["messages.source_id"]],
  ])("without a %s in its lists, and rewritten where that did not help", (field, message, places) => {
    const refusing = refuses(field, { message });
    const attempt = firstAttempt(plan(target("a")), emptyMemory, 0);
    const learned = learn(emptyMemory, outcome({ attempt, failure: refusing, sent: "bytes" }), 0);
    expect(taught(learned)).toEqual({ refusedFields: places, refusedMessagesFields: places });
    const again = firstAttempt(plan(target("a")), learned, 0);
    expect(taught(learn(learned, outcome({ attempt: again, failure: refusing, sent: "bytes" }), 0))).toMatchObject({
      nativeFaults: ["conversation"],
    });
    // Of a request that the language wrote it can only be something else that is refused.
    expect(taughtBy(refusing).refusedFields ?? []).not.toContain(places[0]);
  });

  it.each([
    ["text", "messages.1.content.1.tool_use.text: Extra inputs are not permitted"],
    ["thinking", "Unknown parameter: 'messages[1].thinking'."],
    ["limit", "tools.0.custom.input_schema.properties.limit: Extra inputs are not permitted"],
    ["name", "messages[1]: unknown field `name`, expected one of `role`, `content`"],
  ])("rewritten for a %s in its messages or tools, which must not be left out of them", (field, message) => {
    const refusing = refuses(field, { message });
    expect(taughtBy(refusing, { sent: "bytes" })).toEqual({ nativeFaults: ["conversation"] });
  });

  it.each([
    ["cache_control", "messages[0].content[1]: unknown field `cache_control`, expected `type` or `text`", "cache_control"],
    ["ttl", "messages[0].content[1].cache_control: unknown field `ttl`, expected `type`", "cache_control.ttl"],
    ["reasoning_content", "messages[2]: unknown field `reasoning_content`, expected one of `role`, `content`", "reasoning_content"],
  ])("without %s alone, where bytes pass: %s", (field, message, path) => {
    const learned = taughtBy(refuses(field, { message }), { sent: "bytes" });
    expect(learned.refusedMessagesFields).toEqual([path]);
    expect(learned.nativeFaults).toBeUndefined();
  });

  it("is not tried for what a request cannot do without", () => {
    for (const field of ["messages", "tools", "constructor"]) {
      expect(walk(plan(target("a")), () => refuses(field)).steps).toEqual(["a/m"]);
      expect(taughtBy(refuses(field), { sent: "bytes", audience: "unnamed" })).toEqual({});
    }
    for (const field of ["messages", "tools"]) expect(taughtBy(refuses(field), { sent: "bytes" })).toEqual({});
  });

  it.each<[Capability, string | undefined, string]>([
    ["thinking_type:adaptive", undefined, "thinking.adaptive"],
    ["thinking_type:enabled", "thinking.type.enabled", "thinking.enabled"],
    ["effort_unsupported", undefined, "output_config.effort"],
    ["effort_unsupported", "output_config", "output_config"],
  ])("without what a Messages provider does not know, for a client of another wire: %s %s", (capability, field, path) => {
    const refused = { capability, ...(field === undefined ? {} : { field }) };
    const { steps, memory } = walk(plan(target("a")), (_name, _key, step) =>
      step === 0 ? failure("refused-capability", { refused }) : undefined,
    );
    expect(steps.length).toBe(2);
    expect(taught(memory).refusedMessagesFields).toEqual([path]);
  });

  it.each<[message: string, field: string, capability: Capability | undefined, paths: readonly string[]]>([
    ["thinking.adaptive.display: Extra inputs are not permitted", "thinking.display", undefined, ["thinking.display"]],
    ['"m" does not support thinking', "reasoning_effort", "effort_unsupported", ["thinking", "output_config.effort"]],
    ["thinking not supported for this model", "reasoning_effort", "effort_unsupported", ["thinking", "output_config.effort"]],
    ["thinking_token_budget is set but reasoning_config is not configured.", "thinking_token_budget", undefined, ["thinking.enabled"]],
  ])("without what a Messages provider does not know of thinking, bytes or not: %s", (message, field, capability, paths) => {
    const refused = { field, ...(capability === undefined ? {} : { capability }) };
    const refusing = failure(capability === undefined ? "bad-request" : "refused-capability", { message, refused });
    const of = plan(target("a"));
    for (const sent of ways) expect(taughtBy(refusing, { sent }).refusedMessagesFields).toEqual(paths);
    expect(walk(of, () => refusing).steps.length).toBe(2);
  });

  it.each<[message: string, quirks: Quirks]>([
    ["messages[0].role: unknown variant `developer`, expected one of `system`, `user`, `assistant`", { systemRole: "system" }],
    ["System role not supported", { systemRole: "user", systemAnywhere: false }],
    ["Only user and assistant roles are supported!", { systemRole: "user", systemAnywhere: false }],
    ["Developer instruction is not enabled for models/gemma-3-27b-it", { systemRole: "user", systemAnywhere: false }],
    ["Assistant response prefill is incompatible with enable_thinking.", { prefill: "refuse" }],
    [
      "Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant",
      { prefill: "prefix", echoesPrefill: true },
    ],
    ["Tool call id was toolu_01 but must be a-z, A-Z, 0-9, with a length of 9.", { toolIds: "nine-letters" }],
    ["messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'", { toolIds: "safe" }],
    ["messages.2.content.0.tool_result.tool_use_id: String should match pattern '^[a-zA-Z0-9_-]+$'", { toolIds: "safe" }],
    ["Invalid 'messages[1].tool_calls[0].id': string too long. Expected a string with maximum length 40", { toolIds: "short" }],
    ["Invalid 'messages[2].tool_call_id': string too long. Expected a string with maximum length 40", { toolIds: "short" }],
    ["Invalid 'input[3].call_id': string too long. Expected a string with maximum length 64", { toolIds: "short" }],
    [
      "tools.3.custom.input_schema: JSON schema is invalid. It must match JSON Schema draft 2020-12 (https://json-schema.org/draft/2020-12).",
      { toolSchema: "moonshot" },
    ],
    [
      "tools.function.parameters is not a valid moonshot flavored json schema, details: <At path 'properties.a.$ref': references must start with #/$defs/>",
      { toolSchema: "moonshot" },
    ],
    [
      "Cannot pass both content and thinking in an assistant message with tool calls! Put the analysis message in one",
      { reasoningTurns: "either" },
    ],
    [
      "function name is invalid, must start with a letter and can contain letters, numbers, underscores, and dashes",
      { toolSchema: "moonshot" },
    ],
    ["JSON Schema not supported: could not understand the instance `{'required': ['criteria']}`.", { toolSchema: "moonshot" }],
    ["tools.14.custom.input_schema.properties: Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'", { propertyNames: "safe" }],
    ["Failed to process regex", { toolSchema: "boundless" }],
    ["Failed to initialize samplers: failed to parse grammar", { toolSchema: "boundless" }],
    ["JSON schema conversion failed:\nPattern must start with '^' and end with '$'", { toolSchema: "boundless" }],
    ["The provided JSON schema contains features not supported by xgrammar.", { toolSchema: "boundless" }],
    ['Grammar error: Unimplemented keys: ["propertyNames"]', { toolSchema: "boundless" }],
    ["Unsupported JSON schema fields: {'pattern'}", { toolSchema: "boundless" }],
    ["This model does not support assistant message prefill. The conversation must end with a user message.", { prefill: "refuse" }],
    [
      "Your API request included an `assistant` message in the final position, which would pre-fill the `assistant` response. When using tools, pre-filling the `assistant` response is not supported.",
      { prefill: "refuse" },
    ],
    [
      "Cannot set `add_generation_prompt` to True when the last message is from the assistant. Consider using `continue_final_message` instead.",
      { prefill: "refuse" },
    ],
    ["Please ensure that multiturn requests end with a user role or a function response.", { prefill: "refuse" }],
    ["Last message must have role `user`.", { prefill: "refuse" }],
    [
      "The last message of deepseek-reasoner must be a user message, or an assistant message with prefix mode on (refer to https://api-docs.deepseek.com/guides/chat_prefix_completion).",
      { prefill: "refuse" },
    ],
    [
      "deepseek-reasoner does not support successive user or assistant messages (messages[10] and messages[11] in your input). You should interleave the user/assistant messages in the message sequence.",
      { strictAlternation: true },
    ],
    [
      "The first message (except the system message) of deepseek-reasoner must be a user message, but an assistant message detected.",
      { strictAlternation: true },
    ],
    [
      "After the (optional) system message(s), user or tool message(s) should alternate with assistant message(s).",
      { assistantAfterTool: true, strictAlternation: true },
    ],
    ["Conversation roles must alternate user/assistant/user/assistant/...", { assistantAfterTool: true, strictAlternation: true }],
    [
      "A conversation must alternate between user and assistant roles. Make sure the conversation alternates.",
      { assistantAfterTool: true, strictAlternation: true },
    ],
    ['messages: first message must use the "user" role', { strictAlternation: true }],
    [
      "A conversation must start with a user message. Try again with a conversation that starts with a user message.",
      { strictAlternation: true },
    ],
    ["Unexpected role 'user' after role 'tool'", { assistantAfterTool: true, strictAlternation: true }],
    ["Invalid tool_choice type: 'object'. Supported string values: none, auto, required", { forcedTools: "required" }],
    ["Unsupported tool_choice: type='function' function=Choice(name='Steps'). Expected 'auto' or 'none'.", { forcedTools: "auto" }],
    ["body.tool_choice: Input should be 'none' or 'auto'", { forcedTools: "auto" }],
    ["tool_choice forces tool use is not compatible with this model", { forcedTools: "auto" }],
    ["This model only supports single tool-calls at once!", { singleCalls: true }],
    ["Multiple tool calls are not supported.\n", { singleCalls: true }],
    ["No tool output found for tool call call-a.", { callsLast: true }],
    ["* GenerateContentRequest.contents[2].parts[0].function_response.name: Name cannot be empty.\n", { namedResults: true }],
    ["GenerateContentRequest.contents[2].parts[0].function_response.name: [FIELD_INVALID] Name cannot be empty", { namedResults: true }],
    [
      "Tool message must have a 'name' field. The 'name' field is required to match the tool call with its response in Gemini API. tool_call_id=call_1",
      { namedResults: true },
    ],
    ...[
      'can only concatenate str (not "NoneType") to str',
      "Object of type 'NoneType' has no len()",
      "Expected 'content' to be a string or an array",
      "Failed to deserialize the JSON body into the target type: messages[1]: missing field `content` at line 1 column 200",
    ].map((message): [string, Quirks] => [message, { wordlessCalls: "empty" }]),
    ["Please ensure that multiturn requests alternate between user and model.", { assistantAfterTool: true, strictAlternation: true }],
    [
      "messages.1: Conversation blocks and tool result blocks cannot be provided in the same turn.",
      { assistantAfterTool: true, strictAlternation: true },
    ],
    ["messages.1.content.1: `tool_use` ids must be unique", { toolIds: "safe" }],
    ["tool call id grep:3 is duplicated", { toolIds: "safe" }],
    ["invalid params, duplicate tool_call id: call_function_z04wc0l3m1gk_1 (2013)", { toolIds: "safe" }],
    ["Bedrock doesn't support tool calling without `tools=` param specified.", { toolsForHistory: true }],
    ["Requests which include `tool_use` or `tool_result` blocks must define tools", { toolsForHistory: true }],
    ["The toolConfig field must be defined when using toolUse and toolResult content blocks.", { toolsForHistory: true }],
    [
      "Unable to submit request because function call `default_api:Read` in the 2. content block is missing a `thought_signature`.",
      { thoughtSignatures: true, toolSchema: "gemini" },
    ],
    ["Function call is missing a thought_signature in functionCall parts.", { thoughtSignatures: true, toolSchema: "gemini" }],
    [
      `Invalid JSON payload received. Unknown name "$schema" at 'tools[0].function_declarations[0].parameters': Cannot find field.`,
      { toolSchema: "gemini" },
    ],
    [
      "Unable to submit request because `Read` functionDeclaration `parameters.x` schema specified other fields alongside any_of. When using any_of, it must be the only field set.",
      { toolSchema: "gemini" },
    ],
    [
      "* GenerateContentRequest.tools[0].function_declarations[53].name: Invalid function name. Must start with a letter or an underscore.",
      { toolSchema: "gemini" },
    ],
    [
      "* GenerateContentRequest.tools[0].function_declarations[1].parameters.properties[a].enum: only allowed for STRING type",
      { toolSchema: "gemini" },
    ],
    [
      "Unable to submit request because `Read` functionDeclaration `parameters.x` schema didn't specify the schema type field.",
      { toolSchema: "gemini" },
    ],
    ["Unable to submit request because one or more function parameters didn't specify the schema type field.", { toolSchema: "gemini" }],
    ["Unable to submit request because required fields ['args'] are not defined in the schema properties.", { toolSchema: "gemini" }],
    ["json mode cannot be combined with tool/function calling", { schemaBesideTools: false }],
    ["Invalid role: developer", { systemRole: "system" }],
    ["invalid parameter 'messages[0].role': invalid role 'developer', must be one of: system, user, assistant", { systemRole: "system" }],
    ["Invalid value: 'developer'. Supported values are: 'system', 'assistant', 'user', and 'tool'.", { systemRole: "system" }],
    ["developer is not one of ['system', 'assistant', 'user', 'tool', 'function'] - 'messages.['0].role'", { systemRole: "system" }],
    ["Invalid enum value. Expected 'system' | 'user' | 'assistant' | 'tool', received 'developer'", { systemRole: "system" }],
    ['messages.0.role: Invalid option: expected one of "system"|"user"|"assistant"|"tool"', { systemRole: "system" }],
    ['messages.0.role: Invalid option: expected one of "user"|"assistant"|"system"', { systemRole: "system" }],
    ["Unexpected message role.", { systemRole: "system" }],
    [
      "AiError: Bad input: Error: oneOf at '/' not met, 0 matches: required properties at '/' are 'prompt', Type mismatch of '/messages/1/content', 'null' not in 'string'",
      { wordlessCalls: "empty" },
    ],
    [
      "AiError: Bad input: Error: oneOf at '/' not met, 0 matches: required properties at '/' are 'prompt', required properties at '/messages/3' are 'role,content'",
      { wordlessCalls: "empty" },
    ],
    ["角色信息不正确", { systemRole: "system" }],
    ["[1214][Incorrect role information][20260107]", { systemRole: "system" }],
    ["Only text tool_result blocks are supported when tool_result.content is an array.", { toolImages: false }],
    ["Output of tool call should be 'Input text'", { toolImages: false }],
    ["Invalid type for 'input'.", { toolImages: false }],
    [
      "Invalid 'messages[2]'. Image URLs are only allowed for messages with role 'user', but this message with role 'tool' contains an image URL.",
      { toolImages: false },
    ],
    ["Invalid value for 'input.32.output': expected a string, but got an array instead.", { toolImages: false }],
    ["response_format` json_object cannot be combined with tool/function calling", { schemaBesideTools: false }],
    ["Function calling with a response mime type: 'application/json' is unsupported", { schemaBesideTools: false }],
    ['"tools" is incompatible with "response_format"', { schemaBesideTools: false }],
    ["You cannot specify response format and function call at the same time", { schemaBesideTools: false }],
  ])("in the form that a template asks for: %s", (message, quirks) => {
    const of = plan(target("a"));
    const refusing = failure("bad-request", { message });
    const { steps, memory } = walk(of, (_name, _key, step) => (step === 0 ? refusing : undefined));
    expect(steps).toEqual(["a/m", "a/m"]);
    expect(taught(memory)).toEqual(quirks);
    // Said again, it is told.
    expect(walk(of, () => refusing).told?.message).toContain(message);
    expect(walk(of, () => refusing).steps.length).toBe(2);
    // Bytes are rewritten then, but where less is changed in them.
    const native = taughtBy(refusing, { sent: "bytes" });
    if (/String should match pattern|message prefill|would pre-fill/.test(message) || quirks.schemaBesideTools === false)
      expect(native).toEqual({});
    else expect(native).toEqual({ ...quirks, nativeFaults: ["conversation"] });
  });

  it("with a tool's picture beside its result, where it was not enough to write it anew (Ollama Cloud)", () => {
    const refusing = failure("bad-request", { message: "Input should be a valid string (ref: a9065c14-5a11-4d60-a4ac-31554a0b8e35)" });
    expect(taughtBy(refusing, { sent: "translated" })).toEqual({ toolImages: false });
  });

  it("rewritten, where bytes of a wire other than Anthropic's end in a beginning of the reply, which Claude refuses", () => {
    const refusing = failure("bad-request", { message: "This model does not support assistant message prefill." });
    const learned = taughtBy(refusing, { sent: "bytes", client: "chat" });
    expect(learned).toEqual({ prefill: "refuse", nativeFaults: ["conversation"] });
  });

  it.each([
    "messages: text content blocks must be non-empty",
    "messages.0.content.0.text: cache_control cannot be set for empty text blocks",
    "messages.3: user messages must have non-empty content",
    "The text field in the ContentBlock object at messages.0.content.0 is blank. Add text to the text field, and try again.",
    "messages.2.content.0.tool_result: content[1]: all content must be type `text` if `is_error` is true",
    "messages.2.content.0.tool_result: content cannot be empty if `is_error` is true",
    "A maximum of 4 blocks with cache_control may be provided. Found 5.",
    "messages.0.content.1.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block.",
    "messages: final assistant content cannot end with trailing whitespace",
    "The request body is not valid JSON: no low surrogate in string: line 1 column 143607 (char 143606)",
    "The request body is not valid JSON: invalid high surrogate in string: line 1 column 23370 (char 23369)",
    "Failed to parse the request body as JSON: messages[2].content: lone leading surrogate in hex escape at line 1 column 8211",
    "'utf-8' codec can't encode character '\\ud83d' in position 12: surrogates not allowed",
    "Invalid discriminator value. Expected 'object'",
    "automation_update: tool parameter root must be an object type (root schema is an anyOf/oneOf union with a non-object branch)",
    "invalid message content type: <nil>",
    "messages.2.content.1: each tool_use must have a single result. Found multiple `tool_result` blocks with id: toolu_01",
    "messages.4: Did not find 2 `tool_result` block(s) at the beginning of this message. Messages following `tool_use` blocks must begin with a matching number of `tool_result` blocks.",
    "Please ensure that function response turn comes immediately after a function call turn.",
    "Unable to submit request because it has an empty text parameter. Add a value to the parameter and try again.",
    "Unexpected role 'tool' after role 'user'",
    "Unexpected role 'assistant' after role 'assistant'",
    "Invalid consecutive assistant message at message index 3",
    "Unterminated string starting at: line 1 column 14 (char 13)",
    "Expecting ',' delimiter: line 1 column 54 (char 53)",
    "Failed to parse tool call arguments as JSON: parse error at line 1, column 27: invalid string: missing closing quote",
    "messages.77: The final block in an assistant message cannot be `thinking`.",
    "messages.2: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_01.",
    "messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: toolu_01.",
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'.",
    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
    "No tool output found for function call call_1.",
    "Expected toolResult blocks at messages.2.content for the following Ids: tooluse_1",
    "Please ensure that function call turn comes immediately after a user turn or after a function response turn.",
    "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.",
    "Invalid request: tool_call_id  is not found",
    "invalid params, tool result's tool id(call_1) not found (2013)",
    "Assistant message must have either content or tool_calls, but not none.",
    "At least one content or tool_calls should be non-empty. Got content='' and tool_calls=[]",
    "Invalid request: message at position 2 with role 'assistant' must not be empty",
    "Invalid assistant message: content or tool_calls must be set",
    "Invalid request: text content is empty",
    "invalid params, chat content is empty (2013)",
    "Param Incorrect: messages[2] assistant content must contain at least one part (Xiaomi)",
    "* GenerateContentRequest.contents[1].parts[0].data: required oneof field 'data' must have one initialized field",
    "Unable to submit request because it must include at least one parts field, which describes the prompt input.",
    "Unable to submit request because it must have a text parameter. Add a text parameter and try again.",
    "Not the same number of function calls and responses",
    "Unexpected tool call id abcdefghi in tool results",
    "Invalid value: ''. Supported values are: 'apply_patch_call', 'compaction', 'function_call', 'function_call_output', 'message', and 'reasoning'.",
    "Invalid value: ''. Supported values are: 'input_text', 'input_image', 'output_text', 'refusal', 'input_file', and 'summary_text'.",
    "Missing required parameter: 'messages[1].tool_calls[1].function.arguments'.",
    "messages.1.tool_calls.0.function.arguments: Field required",
    "Failed to deserialize the JSON body into the target type: messages[1].tool_calls[0].function: missing field `arguments` at line 1 column 200",
    "[json.exception.out_of_range.403] key 'arguments' not found",
    "invalid params, invalid function arguments json string, tool_call_id: call_1 (2013)",
    '<400> InternalError.Algo.InvalidParameter: The "function.arguments" parameter of the code model must be in JSON format.',
    "Can only get item pairs from a mapping.",
    "invalid tool call arguments",
    "Cannot have 2 or more assistant messages at the end of the list.",
    "Upstream request failed: [invalid_request_error] `arguments` must be valid JSON",
    "thinking options type cannot be disabled when reasoning_effort is set",
    "Invalid combination of reasoning_effort and thinking type: medium + disabled",
    "Invalid Value: 'tools.namespace'. User-defined namespace 'image_gen' collides with an existing tool namespace.",
    "Invalid Value: 'tools'. Function 'functions.spawn_agent' declares encrypted parameters but is not configured for encrypted tool use by this model.",
    "Invalid Value: 'tools'. Function 'collaboration.spawn_agent' is reserved for use by this model and must match the configured schema.",
    "X-OpenAI-Internal-Codex-Responses-Lite only supports function tools, custom tools, and client-executed tool search.",
    "Invalid 'tools[3].tools[0].description': empty string. Expected a string with minimum length 1, but got an empty string instead.",
    "Invalid 'input[0].tools[0].description': empty string. Expected a string with minimum length 1, but got an empty string instead.",
    'Invalid payload (type: Value is "array" but should be "string") (type: Value is "null" but should be "array")',
    "Field 'max_completion_tokens': [json.exception.type_error.302] type must be number, but is null",
    "Invalid 'input[2].id': 'a b'. Expected an ID that contains letters, numbers, underscores, or dashes, but this value contained additional characters.",
    "Invalid 'input[4].name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
    "[ApiIdParam] [input[4].id] [invalid_id_prefix]",
    "Duplicate item found with id rs_123. Remove duplicate items from your input and try again.",
    "Missing required parameter: 'input[1].summary'.",
    "Invalid type for 'input[2].arguments': expected a string, but got an object instead.",
    "Item with id 'rs_1' not found. Items are not persisted when `store` is set to false. Try again with `store` set to true.",
    "Item 'fc_1' of type 'function_call' was provided without its required 'reasoning' item: 'rs_1'.",
    "Item 'rs_1' of type 'reasoning' was provided without its required following item.",
    "Invalid 'input[5].id': 'x'. Expected an ID that begins with 'msg'.",
    "Invalid 'input[5].id': string too long. Expected a string with maximum length 64, but got a string with length 408 instead.",
    "bad_request: [ApiIdParam] [input[5].id] [string_above_max_length] Invalid 'input[5].id'",
    "input item ID does not belong to this connection",
    "messages.1.content.0.tool_use.input: Input should be a valid dictionary",
    "messages.1.content.2.tool_use.name: String should have at most 200 characters",
    "messages[20].content[0].text:text cannot be empty.",
    "messages.9.content.36.image.source.base64.data: Image does not match the provided media type image/png",
    "messages.1.content.0.image.source.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'",
    "tools.3.custom.name: String should have at most 64 characters",
    "tools.3.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'",
    "tools: Tool names must be unique.",
    "tools.3.custom.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level",
    "Invalid 'tools[0].function.name': string too long. Expected a string with maximum length 64, but got a string with length 95 instead.",
    "Invalid 'tools[0].function.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
    "Invalid schema for function 'f': In context=('properties', 'a'), array schema missing items.",
    "Invalid schema for function 'f': [{'type': 'integer'}, {'type': 'integer'}] is not of type 'object', 'boolean'.",
    "Invalid request content: 'items' must be a schema (object or boolean), not an array. For tuple validation use 'prefixItems' instead.",
    "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
    "Invalid 'tools': empty array. Expected an array with minimum length 1, but got an empty array instead.",
    "Tool 'X' function has invalid 'parameters' schema: None is not valid under any of the given schemas",
    "tools.11.custom.input_schema.type: Field required",
    "Function name was mcp.x y but must be a-z, A-Z, 0-9, or contain underscores and dashes, with a maximum length of 64.",
    "Each message must have at least one content element",
    "Param Incorrect: `text` is not set",
    "The number of toolResult blocks at messages.2.content exceeds the number of toolUse blocks of previous turn.",
    "invalid params, tool call result does not follow tool call (2013)",
    "[] is too short - 'tools'",
    "messages: text content blocks must contain non-whitespace text",
    "No tool call found for function call output with call_id call_1.",
    "messages.9.content.1.tool_use.input: Input should be an object",
    "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
    "invalid params, tool call and result not match (2013)",
    "invalid params, tool call id is invalid (2013)",
    "invalid params, invalid chat setting (2013)",
    "invalid params, function parameters is empty (2013)",
    "The image was specified using the image/png media type, but the image appears to be a image/jpeg image",
  ])("rewritten, where bytes broke a rule that fcc keeps by itself: %s", (message) => {
    const of = plan(target("a"));
    const failed = failure("bad-request", { message });
    const attempt = firstAttempt(of, emptyMemory, 0);
    const tried = outcome({ attempt, failure: failed, sent: "bytes", client: "chat" });
    const memory = learn(emptyMemory, tried, 0);
    expect(taught(memory)).toEqual({ nativeFaults: ["conversation"] });
    expect(nextAttempt(of, memory, [tried], 0)).toMatchObject({ attempt: { onWire: { chat: taught(memory) } } });
    // What fcc wrote itself keeps them: it is told.
    expect(taughtBy(failed)).toEqual({});
  });

  it.each([
    "json: cannot unmarshal array into Go struct field Message.messages.content of type string",
    "json: cannot unmarshal array into Go struct field ResponsesFunctionCallOutput.output of type string",
    "Failed to deserialize the JSON body into the target type: messages[1]: invalid type: sequence, expected a string at line 1 column 100",
    "'messages.1' : for 'role:tool' the following must be satisfied[('messages.1.content' : value must be a string)]",
    "AiError: Bad input: Error: oneOf at '/' not met, 0 matches: Type mismatch of '/messages/1/content', 'array' not in 'string'",
    'can only concatenate str (not "list") to str',
    "Failed to apply chat template to messages due to error: 'list object' has no attribute 'startswith'",
    "Upstream request failed: [invalid_request_error] Input should be a valid string",
    "messages[2]: data did not match any variant of untagged enum ChatCompletionRequestMessage at line 1 column 900",
    "<400> InternalError.Algo.InvalidParameter: The content field's type should be `str` in messages.",
    "Invalid 'messages[2].name': string does not match pattern. Expected a string that matches the pattern '^[^\\s<|\\\\/>]+$'.",
    "Invalid value: 'input_text'. Supported values are: 'output_text' and 'refusal'.",
    "The messages parameter is illegal. Please check the documentation.",
    "messages 参数非法。请检查文档。",
    "Invalid 'input[9].content': array too long. Expected an array with maximum length 0, but got an array with length 1 instead.",
    "Unknown parameter: 'input[2].status'.",
    "messages.1.content.0.tool_use.caller: Extra inputs are not permitted",
    "messages.2.content.0.tool_result.content.0: Input tag 'tool_reference' found using 'type' does not match any of the expected tags: 'text'",
    "Tool reference 'mcp__a__b' not found in available tools",
    "messages.3.content.0.tool_result.content.0.type: Field required",
    "Invalid request Error",
    "Failed to deserialize the JSON body into the target type: messages[0]: invalid type: sequence, expected a string at line 1 column 50",
    "Invalid type for 'messages[2].content': expected a string, but got an array instead.",
    "[{'type': 'value_error', 'loc': ('body', 'messages', 0), 'msg': 'Value error, Message content as a list is only supported for user messages.'}]",
    "Invalid value: 'original'. Supported values are: 'low', 'high', and 'auto'.",
    "input.str: Input should be a valid string; input.list: Input should be a valid list",
    ...["refusal", "annotations", "audio", "function_call", "index", "name", "reasoning_details"].flatMap((name) => [
      `messages.1.${name}: Extra inputs are not permitted`,
      `'messages.1' : for 'role:assistant' the following must be satisfied[('messages.1' : property '${name}' is unsupported)]`,
    ]),
    "Invalid API parameter, please check the documentation.",
    "API 调用参数有误，请检查文档。",
    "'AdditionalTools' object has no attribute 'get'",
    "Invalid JSON payload received. Unknown name \"reasoning_details\" at 'messages[1]': Cannot find field.",
    "messages[1]: unknown field `annotations`, expected one of `role`, `content`, `tool_calls`",
    "unknown field `refusal`, expected one of `role`, `content` at line 1 column 20",
    'json: unknown field "refusal"',
    "Malformed input request: #/messages/1: extraneous key [audio] is not permitted, please reformat your input and try again.",
    'invalid params, Mismatch type []*open_platform_oai.ReasoningDetail with value "at index 34936: mismatched type with value" (2013)',
  ])("rewritten without what only its wire can say, where that may be what broke a rule: %s", (message) => {
    const of = plan(target("a"));
    const failed = failure("bad-request", { message });
    const attempt = firstAttempt(of, emptyMemory, 0);
    const tried = outcome({ attempt, failure: failed, sent: "bytes", client: "chat" });
    const memory = learn(emptyMemory, tried, 0);
    expect(taught(memory)).toEqual({ nativeFaults: ["conversation", "unknown-parts"] });
    expect(nextAttempt(of, memory, [tried], 0)).toHaveProperty("attempt");
    // What fcc wrote itself keeps them: it is told.
    expect(taughtBy(failed)).toEqual({});
  });

  it.each([
    "messages.0.content: Input should be a valid string",
    "messages[0].content must be a string",
    "messages.1.content.str: Input should be a valid string; messages.1.content.list: Input should be a valid list",
    "Invalid 'content': 'content' field must be a string or an array of objects.",
    "Input validation error: `content` must be a string",
    "'NoneType' object is not iterable",
    "Invalid value for 'content': expected a string, got null.",
    "Invalid type for 'messages[2].content': expected one of a string or array of objects, but got null instead.",
    "body.messages.2.content: none is not an allowed value",
    "1 validation error for ChatCompletionRequest\nmessages -> 2 -> content\n  none is not an allowed value (type=type_error.none.not_allowed)",
    "ValidationError: body.messages.content.str - Input should be a valid string",
    'Invalid request error: expected string, received null at "params.messages[3].content"',
  ])("rewritten, and then with a text beside calls where there was null: %s", (message) => {
    const failed = failure("bad-request", { message });
    expect(taughtBy(failed, { sent: "bytes" }).nativeFaults).toContain("conversation");
    expect(taughtBy(failed)).toEqual({ wordlessCalls: "empty" });
  });

  it("without what only its wire can say, where it is refused rewritten too, if it said any", () => {
    const of = plan(target("a"));
    const failed = failure("bad-request", { message: "no" });
    const tried = (sent: Sent, memory = emptyMemory) =>
      outcome({ attempt: firstAttempt(of, memory, 0), failure: failed, wire: "messages", sent });
    const bare = learn(emptyMemory, tried("own-parts"), 0);
    expect(bare.refused).toEqual({ "a/m": { onWire: { messages: { nativeFaults: ["unknown-parts"] } } } });
    expect(nextAttempt(of, bare, [tried("own-parts")], 0)).toHaveProperty("attempt");
    expect(learn(bare, tried("own-parts", bare), 0)).toEqual(bare);
    expect(learn(emptyMemory, tried("rewritten"), 0).refused).toEqual({});
  });

  it("without a field by name first, and then without what only its wire says of the conversation, where it is no other's", () => {
    const of = plan(target("a"));
    const failed = refuses("foo");
    const tried = (memory = emptyMemory) =>
      outcome({ attempt: firstAttempt(of, memory, 0), failure: failed, wire: "messages", sent: "own-parts" });
    const named = learn(emptyMemory, tried(), 0);
    expect(named.refused).toEqual({ "a/m": { onWire: { messages: { refusedMessagesFields: ["foo"] } } } });
    expect(learn(named, tried(named), 0).refused).toEqual({
      "a/m": { onWire: { messages: { refusedMessagesFields: ["foo"], nativeFaults: ["unknown-parts"] } } },
    });
  });

  it.each([
    "messages: text content blocks must be non-empty",
    "messages.0.content.0.text: cache_control cannot be set for empty text blocks",
    "messages: final assistant content cannot end with trailing whitespace",
    "A maximum of 4 blocks with cache_control may be provided. Found 5.",
  ])("without what means nothing, and rewritten where that did not help, for a client of Messages: %s", (message) => {
    const tried = (known: typeof emptyMemory) =>
      outcome({ attempt: firstAttempt(plan(target("a")), known, 0), failure: failure("bad-request", { message }), sent: "bytes" });
    const first = learn(emptyMemory, tried(emptyMemory), 0);
    expect(taught(first)).toEqual({ nativeFaults: ["content-rules"] });
    expect(taught(learn(first, tried(first), 0))).toEqual({ nativeFaults: ["content-rules", "conversation"] });
  });

  it.each([
    "Invalid schema for function 'Artifact': '^[^\\p{Cc}]{1,200}$' is not a 'regex'.",
    'Invalid schema for function \'f\': "^\\\\d{4," is not a "regex"',
    `Invalid schema for function 'f': {"pattern":"^[^\\u0000]*$","type":"string"} is not valid under any of the schemas listed in the 'anyOf' keyword`,
  ])("a pattern that is none is left out by the language, and with all others where it comes from there: %s", (message) => {
    const of = plan(target("a"));
    const failed = failure("bad-request", { message });
    const attempt = firstAttempt(of, emptyMemory, 0);
    const rewritten = learn(emptyMemory, outcome({ attempt, failure: failed, sent: "bytes" }), 0);
    expect(taught(rewritten)).toEqual({ nativeFaults: ["conversation"] });
    const again = nextAttempt(of, rewritten, [outcome({ attempt, failure: failed, sent: "bytes" })], 0);
    if (!("attempt" in again)) throw new Error("no attempt");
    expect(taught(learn(rewritten, outcome({ attempt: again.attempt, failure: failed }), 0))).toEqual({
      nativeFaults: ["conversation"],
      toolSchema: "boundless",
    });
  });

  it.each([
    "Invalid schema for function 'Grep': In context=('properties', 'pattern'), array schema missing items.",
    "Invalid schema for function 'regex': In context=(), 'oneOf' is not permitted.",
  ])("no pattern is at fault where one is only a tool's or an argument's name: %s", (message) => {
    expect(taughtBy(failure("bad-request", { message }))).toEqual({});
  });

  it.each([
    "The input image did not match any supported format.",
    "Invalid input image",
    "Tool input did not match any expected variant.",
    "Array schema has an invalid item type in 'tags'.",
    "The item type of 'tags' is not supported in a schema.",
    "metadata.plan: Input should be a valid string",
    "model: Input should be a valid string",
    "This model is only allowed when your organization is verified.",
  ])("not rewritten for what is no rule of a conversation's: %s", (message) => {
    const failed = failure("bad-request", { message });
    for (const sent of ways) expect(taughtBy(failed, { sent })).toEqual({});
  });

  it.each([
    "Required property 'annotations' is missing",
    "Required property 'id' is missing",
    "The provided data does not match the expected schema",
    "One or more validation errors occurred. (JSON deserialization for type 'Models.Input.ResponseOutputMessage' was missing required properties including: 'id', 'status'.)",
    "malformed request: failed to parse JSON for /v1/responses",
    "Failed to deserialize the JSON body into the target type: data did not match any variant of untagged enum InputParam",
    "input.list[union[EasyInputMessageParam.Message.ResponseOutputMessageParam]].3.EasyInputMessageParam.role: Field required",
  ])("with what the assistant said as a server's reply had it: %s", (message) => {
    const refusing = failure("bad-request", { message });
    expect(taughtBy(refusing, { sent: "bytes", ...onResponses })).toEqual({ outputMessages: true, nativeFaults: ["conversation"] });
    expect(taughtBy(refusing, { sent: "translated", ...onResponses })).toEqual({ outputMessages: true });
    // On the other wires it is said of something else.
    for (const sent of ways) expect(taughtBy(refusing, { sent })).not.toHaveProperty("outputMessages");
  });

  it.each(["Invalid Responses API request", "Invalid input", "Invalid request: input: Invalid input"])(
    "the same, once bytes were written anew, by a server that does not say what is wrong (OpenRouter): %s",
    (message) => {
      const refusing = failure("bad-request", { message });
      expect(taughtBy(refusing, { sent: "bytes" })).toEqual({ nativeFaults: ["conversation", "unknown-parts"] });
      expect(taughtBy(refusing, { sent: "translated", ...onResponses })).toEqual({ outputMessages: true });
      expect(taughtBy(refusing, { sent: "translated" })).toEqual({});
    },
  );

  it("and then without reasoning, where its id is looked for too", () => {
    const said = ["The provided data does not match the expected schema", "Item with id 'rs_3' not found."];
    const failures = said.map((message) => failure("bad-request", { message }));
    const { memory } = walk(plan(target("a")), (_name, _key, step) => failures[step], emptyMemory, 0, onResponses);
    expect(taught(memory)).toEqual({ outputMessages: true, refusedFields: ["encrypted_content"] });
  });

  it("and then without the calls of a provider's own tools, by a server that names each kind that an item is not (vLLM)", () => {
    const message =
      "input.list[union[EasyInputMessageParam.Message.ResponseOutputMessageParam]].3.EasyInputMessageParam.role: Field required";
    const refusing = (step: number) => (step < 2 ? failure("bad-request", { message }) : undefined);
    const { memory } = walk(plan(target("a")), (_name, _key, step) => refusing(step), emptyMemory, 0, onResponses);
    expect(taught(memory)).toEqual({ outputMessages: true, hostedTools: false });
  });

  it.each([
    'input[1]: unknown input item type: "agent_message"',
    "malformed request: failed to parse JSON for /v1/responses: cannot unmarshal unknown input type: additional_tools",
    "Failed to deserialize the JSON body into the target type: input: missing field `call_id` at line 1 column 73159",
    "Failed to deserialize the JSON body into the target type: input: missing field `role` at line 1 column 90",
    "input[69] did not match any supported type",
    "malformed request: failed to parse JSON for /v1/responses: cannot unmarshal unknown input type: agent_message",
    "Failed to deserialize the JSON body into the target type: input[69]: data did not match any variant of untagged enum ModelInputItem",
    "Failed to deserialize the JSON body into the target type: data did not match any variant of untagged enum ModelInput",
    "invalid request body: Invalid 'input': value did not match any expected variant",
    'invalid_request_error: input.12: item type "compaction" is not supported',
    "input.138.type: Invalid input",
    "Unknown item type: web_search_call",
    "Cannot determine type of 'item'",
    'Failed to deserialize the JSON body into the target type: input[5]: invalid "custom_tool_call" item: missing field `id`',
    "Could not decode the compaction blob",
    "[ItemParam] [input[708]] [invalid_enum_value] Invalid value: 'context_compaction'. Supported values are: 'additional_tools', 'compaction', 'function_call', 'function_call_output', 'message', 'reasoning', and 'web_search_call'.",
  ])("rewritten, and then without the calls that only a provider's own tools make: %s", (message) => {
    const of = plan(target("a"));
    const failed = failure("bad-request", { message });
    const native = learn(emptyMemory, outcome({ attempt: firstAttempt(of, emptyMemory, 0), failure: failed, sent: "bytes" }), 0);
    expect(taught(native)).toEqual({ nativeFaults: ["conversation", "unknown-parts"] });
    const translated = learn(native, outcome({ attempt: firstAttempt(of, native, 0), failure: failed }), 0);
    expect(taught(translated)).toEqual({ nativeFaults: ["conversation", "unknown-parts"], hostedTools: false });
    const attempt = firstAttempt(of, translated, 0);
    expect(learn(translated, outcome({ attempt, failure: failed }), 0)).toEqual(translated);
  });

  it.each([
    "messages.1.content.0: Input tag 'server_tool_use' found using 'type' does not match any of the expected tags: 'text', 'tool_use'",
    "Failed to deserialize the JSON body into the target type: messages[1].content[1]: unknown variant `advisor_tool_result`, expected `text`",
    "unsupported content block type: web_search_tool_result",
    "invalid content type: mcp_tool_use",
  ])("rewritten without what an earlier server ran by itself: %s", (message) => {
    const learned = (sent: Sent) => taughtBy(failure("bad-request", { message }), { sent });
    expect(learned("bytes")).toEqual({ hostedTools: false, nativeFaults: ["conversation"] });
    expect(learned("translated")).toEqual({ hostedTools: false });
  });

  it.each<[message: string, streams: Quirks["streams"]]>([
    ["This model only supports streaming. Please set stream=true.", "always"],
    ["Streaming is required for this model.", "always"],
    ["This model only support stream mode, please enable the stream parameter to access the model.", "always"],
    ["parameter.enable_thinking must be set to false for non-streaming calls", "always"],
    ["parameter.enable_thinking必须设置为false才能进行非流式调用", "always"],
    ["enable thinking can not be support when `stream=False`.", "always"],
    ["Stream must be set to true", "always"],
    ["Non-streaming requests are not supported", "always"],
    ["Non-streaming is disabled on this endpoint", "always"],
    ["Only stream=true is supported", "always"],
    ["Only 'stream': true is supported.", "always"],
    ["This endpoint only accepts stream=true", "always"],
    ["Only streaming requests are supported", "always"],
    ["Only stream mode is supported", "always"],
    ["stream=false is not supported", "always"],
    ["Please set `stream: true`", "always"],
    ["stream parameter should be true", "always"],
    ["Only stream=false is supported", "never"],
    ["stream=true is not supported", "never"],
    ["Only non-streaming requests are supported", "never"],
    ["Cannot use tools with stream", "never"],
    ["Cannot use tools with streaming", "never"],
    ["tools + stream=true is not supported yet", "never"],
    ["stream is not supported for this model", "never"],
    ["This model does not support streaming", "never"],
    ["Your organization must be verified to stream this model.", "never"],
    ["Unsupported value: 'stream' does not support true with this model. Only the default (false) value is supported.", "never"],
  ])("in the one form in which it answers, bytes or not: %s", (message, streams) => {
    const of = plan(target("a"));
    const refusing = failure("bad-request", { message });
    const { steps, memory } = walk(of, (_name, _key, step) => (step === 0 ? refusing : undefined));
    expect(steps.length).toBe(2);
    expect(taught(memory)).toEqual({ streams });
    expect(walk(of, () => refusing).steps.length).toBe(2);
    expect(taughtBy(refusing, { sent: "bytes" })).toEqual(taught(memory));
  });

  it("with the stream, but without the schema that its server does not stream", () => {
    const refused = refuses("response_format", { message: "response_format with stream=true is not supported in this release" });
    const learned = taughtBy({ ...refused, kind: "refused-capability" });
    expect(learned.streams).toBeUndefined();
    expect(learned).not.toEqual({});
  });

  it("in each form once, where a server refuses both, and in the other where it has changed its mind", () => {
    const of = plan(target("a"));
    const says = ["This model only supports streaming.", "stream is not supported"];
    const refusing = (step: number) => failure("bad-request", { message: says[step % 2] ?? "" });
    expect(walk(of, (_name, _key, step) => refusing(step)).steps.length).toBe(3);
    expect(taught(walk(of, (_name, _key, step) => (step < 2 ? refusing(step) : undefined)).memory)).toEqual({ streams: "never" });
  });

  it.each([
    "stream_options is not supported; the streaming reply was cut",
    "Only stream_options.include_usage is supported",
    "Stream options can only be defined when `stream=True`.",
    "To use stream_options, please set stream to true",
    "logprobs are only supported with stream=false",
    "logprobs with stream=true is not supported yet",
    "`stream` should be true or false",
    "Please set stream to `true` or `false`",
    "Cannot use tools with stream_options",
  ])("in no other form for what is no refusal of one: %s", (message) => {
    expect(walk(plan(target("a")), () => failure("bad-request", { message })).steps.length).toBe(1);
  });

  it("with system turns folded where a template takes none in the middle", () => {
    const of = plan(targetOf(providerAt("http://x", { id: "a" }), "m", { quirks: { systemAnywhere: true } }));
    const refusing = failure("refused-capability", { refused: { capability: "mid_conv_system" } });
    expect(taught(walk(of, (_name, _key, step) => (step === 0 ? refusing : undefined)).memory)).toEqual({ systemAnywhere: false });
    expect(walk(of, () => refusing).steps.length).toBe(2);
    expect(taughtBy(refusing, { sent: "bytes" }, of)).toEqual({ nativeFaults: ["system-turns"], systemAnywhere: false });
  });

  it("with the output that the provider allows", () => {
    const { memory } = walk(plan(target("a")), (_name, _key, step) =>
      step === 0 ? refuses("max_tokens", { limit: { max: 8192 } }) : undefined,
    );
    expect(taught(memory)).toEqual({ maxOutput: 8192 });
  });

  it("with the least output that the provider takes, bytes or not", () => {
    const message = "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 1 instead.";
    for (const sent of ways) expect(taughtBy(failure("bad-request", { message }), { sent })).toEqual({ minOutput: 16 });
  });

  it("with an output limit, where a chat server does not go without, bytes or not", () => {
    const refused = failure("bad-request", { message: "anthropic error: max_tokens: Field required" });
    for (const sent of ways) expect(taughtBy(refused, { sent })).toEqual({ defaultOutput: 32_000 });
    expect(taughtBy(refused, { sent: "bytes", wire: "messages" }), "a program that forgot it").toEqual({});
  });

  it("with the other name of the output limit", () => {
    const message = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    const { memory } = walk(plan(target("a")), (_name, _key, step) => (step === 0 ? refuses("max_tokens", { message }) : undefined));
    expect(taught(memory)).toEqual({ maxTokensField: "max_completion_tokens" });
  });

  it("with the reply's schema in words, and plain JSON mode as long as that is taken", () => {
    const { steps, memory } = walk(plan(target("a")), (_name, _key, step) => (step < 2 ? refuses("response_format.type") : undefined));
    expect(steps.length).toBe(3);
    expect(taught(memory)).toEqual({ replySchema: "none" });
    const once = walk(plan(target("a")), (_name, _key, step) => (step === 0 ? refuses("response_format.type") : undefined));
    expect(taught(once.memory)).toEqual({ replySchema: "json_object" });
    expect(walk(plan(target("a")), () => refuses("response_format.type")).steps.length).toBe(3);
    // Where the field itself is not known, no kind of it is.
    const unknown = walk(plan(target("a")), (_name, _key, step) => (step === 0 ? refuses("response_format") : undefined));
    expect(taught(unknown.memory)).toEqual({ replySchema: "none" });
  });

  it.each<[string, Quirks]>([
    ["The `reasoning_content` in the thinking mode must be passed back to the API.", {}],
    ["The `reasoning_text` in the thinking mode must be passed back to the API.", {}],
    ["The `content[].thinking` in the thinking mode must be passed back to the API.", {}],
    [
      "Missing thinking block in the assistant message at message index 11. For more information, please refer to https://api-docs.deepseek.com/guides/thinking_mode#tool-calls",
      {},
    ],
    ["thinking is enabled but reasoning_content is missing in assistant tool call message at index 2", { noReasoning: " " }],
    ["Missing `reasoning_content` field in the assistant message at message index 2", {}],
  ])("with the reasoning that belongs to it: %s", (message, quirks) => {
    const missing = failure("bad-request", { message });
    const { steps, memory } = walk(plan(target("a")), (_name, _key, step) => (step === 0 ? missing : undefined));
    expect(steps).toEqual(["a/m", "a/m"]);
    expect(taught(memory)).toEqual({ reasoningField: "reasoning_content", reasoningTurns: "all", ...quirks });
    const always = walk(plan(target("a")), () => missing);
    expect(always.steps.length).toBe(quirks.noReasoning === undefined ? 3 : 2);
    expect(taught(always.memory)).toEqual({ ...taught(memory), noReasoning: " " });
    expect(taughtBy(missing, { sent: "bytes" })).toEqual({ ...taught(memory), nativeFaults: ["conversation"] });
  });

  it("with what the prompt leaves of the window, for this request only", () => {
    const of = plan(target("a"));
    const attempt = firstAttempt(of, emptyMemory, 0);
    const tried = failure("refused-capability", {
      refused: { field: "max_tokens", capability: "max_tokens_context_overflow" },
      limit: { used: 1000, max: 4000 },
    });
    const memory = learn(emptyMemory, outcome({ attempt, failure: tried }), 0);
    expect(memory.refused).toEqual({});
    expect(nextAttempt(of, memory, [outcome({ attempt, failure: tried })], 0)).toMatchObject({ attempt: { maxOutput: 2936 } });
    // Claude Code asks for less by itself, a program does not.
    const passed = outcome({ attempt, failure: tried, sent: "bytes", client: "messages" });
    expect(nextAttempt(of, memory, [passed], 0)).toEqual({ stop: tried });
    const programs = outcome({ ...passed, audience: "program" });
    expect(learn(emptyMemory, programs, 0).refused).toEqual({});
    expect(nextAttempt(of, memory, [programs], 0)).toMatchObject({ attempt: { maxOutput: 2936 } });
  });

  it("with the shorter reply that was paid for, where a field of it is refused", () => {
    const of = plan(target("a", ["1"]));
    const poor = failure("out-of-quota", { limit: { max: 2000 } });
    const asked: (number | undefined)[] = [];
    const { told } = walk(of, (_name, _key, step, attempt) => {
      asked.push(attempt.maxOutput);
      return [poor, refuses("temperature")][step];
    });
    expect({ asked, told }).toEqual({ asked: [undefined, 2000, 2000], told: undefined });
  });

  it("without pictures and files that the model cannot read, but for Claude Code, which leaves them out by itself", () => {
    const of = plan(target("a"));
    const attempt = firstAttempt(of, emptyMemory, 0);
    const refused = (capability: "image_block" | "document_block", message = "this model does not support it") =>
      failure("refused-capability", { message, refused: { capability } });
    const learned = (failed: Failure, client: "chat" | "responses" | "messages", sent: Sent = "translated", audience: Audience = "agent") =>
      taughtBy(failed, { sent, client, audience });
    expect(learned(refused("image_block"), "chat", "bytes")).toEqual({ images: false, nativeFaults: ["conversation"] });
    expect(learned(refused("image_block"), "responses")).toEqual({ images: false });
    expect(learned(refused("document_block"), "responses")).toEqual({ documents: "placeholder" });
    expect(learned(refused("image_block"), "messages")).toEqual({});
    expect(learned(refused("image_block"), "messages", "bytes", "program")).toEqual({ images: false, nativeFaults: ["conversation"] });
    expect(learned(refused("image_block", "mistral-large does not support image input"), "chat")).toEqual({ images: false });
    // It does not take this one.
    for (const message of [
      "The image format image/bmp is not supported",
      "Unsupported image type: image/heic",
      "Only jpeg and png are supported for image inputs",
      "You uploaded an unsupported image. Please make sure your image is valid.",
      "Image URLs must be public: this one is not supported",
      "The image you supplied is not allowed by our usage policies",
    ])
      expect(learned(refused("image_block", message), "chat")).toEqual({});
    for (const message of [
      "file type .docx is not supported",
      "The file type you uploaded is not supported. Please try again with a pdf",
      "The file is encrypted and is not supported",
      "Video files are not supported by this model",
      "file search is not supported",
    ])
      expect(learned(refused("document_block", message), "chat")).toEqual({});
    const tried = outcome({ attempt, failure: refused("image_block"), client: "responses" });
    const memory = learn(emptyMemory, tried, 0);
    expect(nextAttempt(of, memory, [tried], 0)).toMatchObject({ attempt: { quirks: { images: false } } });
    const again = outcome({ ...tried, attempt: firstAttempt(of, memory, 0) });
    expect(nextAttempt(of, learn(memory, again, 0), [tried, again], 0).stop).toBe(tried.failure);
  });

  it("with the newest pictures where there are too many, but for Claude Code, which leaves them out by itself", () => {
    const learned = (message: string, client: "chat" | "messages", sent: Sent = "translated") =>
      taughtBy(failure("refused-capability", { message, refused: { capability: "media_budget" } }), { sent, client });
    expect(learned("At most 1 image(s) may be provided in one prompt.", "chat")).toEqual({ mostImages: 1 });
    const groq = "Too many images provided. This model supports up to 5 images";
    expect(learned(groq, "chat", "bytes")).toEqual({ mostImages: 5, nativeFaults: ["conversation"] });
    for (const [message, mostImages] of [
      ["messages: too many images and documents: 101 + 0 > 100", 100],
      ["Too much media: 0 document pages + 107 images > 100", 100],
      ["Too many images in request. Max is 10.", 10],
      ["too many images (54); maximum allowed: 20", 20],
      ["Too many images: 3,500 > 3,000", 3000],
      ["The request contains too many images: 11 images were provided, but the model supports a maximum of 10 images.", 10],
      ["request contains 54 images, exceeding the maximum of 50 allowed per request", 50],
      ["Image count 6 exceeds limit 4 per request.", 4],
    ] as const)
      expect(learned(message, "chat")).toEqual({ mostImages });
    expect(learned(groq, "messages")).toEqual({});
    expect(learned("A maximum of 100 PDF pages may be provided.", "chat")).toEqual({});
  });

  it("is told that there are too many pictures where those alone that are new are", () => {
    const message = "At most 1 image(s) may be provided in one prompt.";
    const failed = failure("refused-capability", { message, refused: { capability: "media_budget" } });
    const first = outcome({ attempt: firstAttempt(plan(target("a")), emptyMemory, 0), failure: failed, client: "chat" });
    const memory = learn(emptyMemory, first, 0);
    const again = outcome({ ...first, attempt: firstAttempt(plan(target("a")), memory, 0) });
    expect(nextAttempt(plan(target("a")), learn(memory, again, 0), [first, again], 0).stop).toBe(failed);
  });

  it("rewritten without pictures and files where the model is known to read none, and bytes had them", () => {
    const quirks = { images: false, documents: "placeholder" } as const;
    const of = plan(targetOf(providerAt("http://x", { id: "a" }), "m", { quirks }));
    const learned = (capability: Capability, sent: Sent) =>
      taughtBy(failure("refused-capability", { refused: { capability } }), { sent, client: "chat" }, of);
    expect(learned("image_block", "bytes")).toEqual({ images: false, nativeFaults: ["conversation"] });
    expect(learned("document_block", "bytes")).toEqual({ documents: "placeholder", nativeFaults: ["conversation"] });
    expect(learned("image_block", "translated")).toEqual({});
    expect(learned("document_block", "translated")).toEqual({});
  });

  it.each([
    "Too many strict tools (21). The maximum number of strict tools is 20.",
    "Schemas contains too many optional parameters (30), which would make grammar compilation inefficient.",
    "The compiled grammar is too large, which would cause performance issues. Simplify your tool schemas or reduce the number of strict tools.",
    "Grammar compilation timed out.",
    "The model returned the following errors: compilation exceeded limits: Schema is too complex",
  ])("without `strict`, where too much has to be held to, and then with the reply's schema in words: %s", (message) => {
    const refusing = failure("bad-request", { message });
    const lax = { refusedFields: ["strict"], refusedMessagesFields: ["tools.strict"] };
    for (const sent of ["bytes", "translated"] as const) expect(taughtBy(refusing, { sent })).toEqual(lax);
    const of = plan(targetOf(providerAt("http://x", { id: "a" }), "m", { quirks: lax }));
    expect(taughtBy(refusing, {}, of)).toEqual({ replySchema: "none" });
    expect(taughtBy(refusing, { sent: "bytes" }, of)).toEqual({});
    expect(walk(plan(target("a")), () => refusing).steps.length).toBe(3);
    // Without tools it is the reply's schema, and the same bytes would be refused again.
    const has = (field: string) => field !== "tools";
    expect(taughtBy(refusing, { has })).toEqual({ replySchema: "none" });
    expect(taughtBy(refusing, { has, sent: "bytes" })).toEqual({});
  });

  it("without a forced call beside thinking, where it is no mistake of the client's", () => {
    const refusing = failure("bad-request", { message: "Thinking may not be enabled when tool_choice forces tool use." });
    expect(taughtBy(refusing)).toEqual({ refusedWhileThinking: ["tool_choice"] });
    expect(taughtBy(refusing, { sent: "bytes", audience: "program" })).toEqual({});
    expect(walk(plan(target("a")), () => refusing).steps.length).toBe(2);
  });

  it("without stop strings, by Bedrock's name for them", () => {
    const learned = (wire: WireName) => taughtBy(refuses("stop_sequences"), { wire });
    expect(learned("chat")).toEqual({ refusedFields: ["stop"] });
    expect(learned("messages")).toEqual({ refusedMessagesFields: ["stop_sequences"] });
  });

  it("with instructions, where a server demands them, and the system prompt in them", () => {
    const refusing = failure("bad-request", { message: "Instructions are required" });
    expect(taughtBy(refusing, onResponses)).toEqual({ needsInstructions: true });
    const inBytes = { ...onResponses, sent: "bytes", client: "responses", audience: "program" } as const;
    expect(taughtBy(refusing, inBytes)).toEqual({ needsInstructions: true, nativeFaults: ["conversation"] });
    expect(taughtBy(refusing)).toEqual({});
    expect(walk(plan(target("a")), () => refusing, emptyMemory, 0, onResponses).steps.length).toBe(2);
  });

  it("without `strict` alone, wherever it stands", () => {
    const strict = refuses("strict", { message: "Unknown parameter: 'tools[0].strict'." });
    for (const sent of ways) expect(taughtBy(strict, { sent })).toMatchObject({ refusedFields: ["strict"] });
  });

  it("without thinking before calls that another model made, where the bytes are fcc's own", () => {
    const message =
      "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a final `assistant` message must start with a thinking block";
    const refused = failure("refused-capability", { message, refused: { capability: "thinking_signature" } });
    expect(taughtBy(refused)).toEqual({ thinkingBeforeCalls: true });
    expect(taughtBy(refused, { sent: "bytes" })).toEqual({});
  });

  it("with every tool as a function, and then without those that the provider would run", () => {
    const of = plan(target("a"));
    const attempt = firstAttempt(of, emptyMemory, 0);
    const refused = failure("bad-request", { refused: { field: "tools.type" } });
    const native = learn(emptyMemory, outcome({ attempt, failure: refused, sent: "bytes" }), 0);
    expect(taught(native)).toEqual({ nativeFaults: ["tool-kinds"] });
    const again = nextAttempt(of, native, [outcome({ attempt, failure: refused, sent: "bytes" })], 0);
    if (again.stop !== undefined) throw new Error("nothing else was tried");
    const translated = learn(native, outcome({ attempt: again.attempt, failure: refused }), 0);
    expect(taught(translated)).toEqual({ nativeFaults: ["tool-kinds"], hostedTools: false });
    const third = { ...again.attempt, quirks: { ...again.attempt.quirks, hostedTools: false } };
    expect(nextAttempt(of, translated, [outcome({ attempt: third, failure: refused })], 0).stop).toBe(refused);
  });

  it.each([
    [
      "refused-capability",
      "Function tools with reasoning_effort are not supported for gpt-5.6 in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.",
      "responses",
    ],
    ["not-found", "This model is only supported in v1/responses and not in v1/chat/completions.", "responses"],
    ["bad-request", 'model "gpt-5.3-codex" is not accessible via the /chat/completions endpoint', "responses"],
    ["bad-request", "This is not a chat model and thus not supported in the v1/chat/completions endpoint.", "responses"],
    ["bad-request", 'model "gpt-4o" is not accessible via the /responses endpoint', "chat"],
    ["bad-request", "The chatCompletion operation does not work with the specified model, gpt-5.2-codex. Please choose", "responses"],
    ["bad-request", "The model 'openai.gpt-5.6-terra' does not support the '/v1/chat/completions' API", "responses"],
    ["bad-request", "The model does not support Responses API", "chat"],
    ["bad-request", "The model 'openai.gpt-oss-20b' does not support the '/v1/responses' API", "chat"],
    ["bad-request", "The model 'nvidia.nemotron-nano-9b-v2' does not support the '/openai/v1/responses' API", "chat"],
  ] as const)("by the wire that it names, where that is spoken, %s: %s", (kind, message, wire) => {
    const at = { baseUrl: "http://x/v1" };
    const of = plan(targetOf(providerAt("http://x", { id: "a", speaks: { chat: at, responses: at } })));
    const refused = failure(kind, { message, refused: { field: "reasoning_effort" } });
    for (const sent of ways) {
      const attempt = firstAttempt(of, emptyMemory, 0);
      const memory = learn(emptyMemory, outcome({ attempt, failure: refused, sent }), 0);
      expect(taught(memory)).toEqual({ wire });
      expect(nextAttempt(of, memory, [outcome({ attempt, failure: refused, sent })], 0)).toMatchObject({ attempt: { quirks: { wire } } });
      const one = firstAttempt(plan(targetOf(providerAt("http://x", { speaks: {} }))), emptyMemory, 0);
      expect(Object.values(learn(emptyMemory, outcome({ attempt: one, failure: refused, sent }), 0).refused)).not.toContainEqual({
        wire,
      });
    }
  });

  it.each([
    ["messages", ["chat", "responses", "messages"]],
    ["responses", ["chat", "responses", "messages"]],
    ["chat", ["chat", "responses", "messages"]],
    ["messages", ["chat", "messages"]],
    ["chat", ["chat", "messages"]],
  ] as const)("by %s, the only one of %s that Bedrock has for a model", (served, spoken) => {
    const speaks = Object.fromEntries(spoken.map((wire) => [wire, { baseUrl: "http://x/v1" }]));
    const paths = { chat: "/v1/chat/completions", responses: "/openai/v1/responses", messages: "/anthropic/v1/messages" };
    for (const first of spoken) {
      const of = plan(targetOf(providerAt("http://x", { id: "a", speaks })));
      const asked: WireName[] = [];
      walk(of, (_name, _key, _step, attempt) => {
        const wire = attempt.quirks.wire ?? first;
        asked.push(wire);
        return wire === served ? undefined : failure("bad-request", { message: `The model 'm' does not support the '${paths[wire]}' API` });
      });
      expect(asked.at(-1)).toBe(served);
    }
  });

  it("without the betas of which Bedrock knows one not, in the same bytes", () => {
    const of = plan(target("a"));
    const attempt = firstAttempt(of, emptyMemory, 0);
    const refused = failure("bad-request", { message: "The model returned the following errors: invalid beta flag" });
    const memory = learn(emptyMemory, outcome({ attempt, failure: refused, sent: "bytes" }), 0);
    expect(taught(memory)).toEqual({ betas: "none" });
    const again = nextAttempt(of, memory, [outcome({ attempt, failure: refused, sent: "bytes" })], 0);
    if (again.stop !== undefined) throw new Error("nothing else was tried");
    expect(again.attempt.quirks).toMatchObject({ betas: "none" });
    expect(nextAttempt(of, memory, [outcome({ attempt: again.attempt, failure: refused, sent: "bytes" })], 0).stop).toBe(refused);
  });

  it("without the one beta that is refused by name, but for Claude Code, which leaves it out by itself", () => {
    const of = plan(target("a"));
    const attempt = firstAttempt(of, emptyMemory, 0);
    const refused = failure("refused-capability", { message: "Unexpected value(s)", refused: { capability: "beta_header:x-2026-01-01" } });
    const tried = outcome({ attempt, failure: refused, sent: "bytes", audience: "program" });
    const memory = learn(emptyMemory, tried, 0);
    const again = nextAttempt(of, memory, [tried], 0);
    if (again.stop !== undefined) throw new Error("nothing else was tried");
    expect(again.attempt.quirks).toMatchObject({ refusedBetas: ["x-2026-01-01"] });
    const second = outcome({ ...tried, attempt: again.attempt });
    expect(nextAttempt(of, learn(memory, second, 0), [tried, second], 0).stop).toBe(refused);
    expect(nextAttempt(of, emptyMemory, [outcome({ ...tried, audience: "agent" })], 0).stop).toBe(refused);
  });

  it.each([
    'anthropic-version: "2023-10-01" is not a valid version',
    'Unsupported anthropic-version: "2026-10-21". This server implements 2023-06-01.',
    "Invalid anthropic-version: 2026-10-21. Supported versions: 2023-06-01",
    "unsupported anthropic-version 2026-10-21",
  ])("by the first version of the API, in the same bytes: %s", (message) => {
    const of = plan(target("a"));
    const attempt = firstAttempt(of, emptyMemory, 0);
    const tried = outcome({ attempt, failure: failure("bad-request", { message }), sent: "bytes" });
    const memory = learn(emptyMemory, tried, 0);
    expect(taught(memory)).toEqual({ apiVersion: "2023-06-01" });
    const again = nextAttempt(of, memory, [tried], 0);
    if (again.stop !== undefined) throw new Error("nothing else was tried");
    expect(again.attempt.quirks).toMatchObject({ apiVersion: "2023-06-01" });
    expect(nextAttempt(of, memory, [tried, { ...tried, attempt: again.attempt }], 0).stop).toBe(tried.failure);
  });

  it("is the client's own matter where it knows the capability and its bytes pass", () => {
    const of = plan(target("a"));
    const attempt = firstAttempt(of, emptyMemory, 0);
    const refused = failure("refused-capability", { refused: { field: "output_config.effort", capability: "effort_unsupported" } });
    expect(nextAttempt(of, emptyMemory, [outcome({ attempt, failure: refused, sent: "bytes" })], 0)).toHaveProperty("stop");
  });
});
