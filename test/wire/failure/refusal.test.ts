import { describe, expect, it } from "vitest";
import type { Failure } from "../../../src/model/failure.ts";
import { readFailure } from "../../../src/wire/failure.ts";

const read = (status: number, message: string, extra: Record<string, unknown> = {}): Failure =>
  readFailure({ status, headers: {}, text: JSON.stringify({ error: { message, type: "invalid_request_error", ...extra } }) }, 0);

describe("a field that the provider does not take", () => {
  it.each<[message: string, field: string, extra?: Record<string, unknown>]>([
    [
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      "max_tokens",
      { param: "max_tokens", code: "unsupported_parameter" },
    ],
    [
      "Unsupported value: 'temperature' does not support 0.5 with this model. Only the default (1) value is supported.",
      "temperature",
      { param: "temperature", code: "unsupported_value" },
    ],
    ["Unknown parameter: 'stream_options'.", "stream_options", { code: "unknown_parameter" }],
    ["top_logprobs requires logprobs to be set to true", "top_logprobs"],
    ["'type' of tool must be 'function'", "tools.type"],
    ["Unsupported tool type: namespace", "tools.type"],
    [
      "No endpoints found that support the native `namespace` tool type. To learn more about provider routing, visit: https://openrouter.ai/docs/guides/routing/provider-selection",
      "tools.type",
    ],
    ["Unsupported Responses tool type: 'custom'", "tools.type"],
    ["Invalid value: 'namespace'. Supported values are: 'function' and 'web_search'.", "tools.type", { param: "tools[4].type" }],
    // LiteLLM, which loses the param; GitHub Copilot
    [
      "litellm.BadRequestError: OpenAIException - Invalid value: 'web_search'. Supported values are: 'function' and 'custom'.",
      "tools.type",
    ],
    ["Invalid type for 'tools.23', expected an json object. (request id: 2026060810133982)", "tools.type"],
    ["The use of the web search tool is not supported.", "tools.type", { code: "unsupported_value" }],
    ["Web search is not enabled for this organization.", "tools.type"],
    ["`include=web_search_call.action.sources` is not enabled for this organization.", "tools.type"],
    ["The web search tool is disabled for this organization.", "tools.type"],
    ["Tool 'web_search_preview' is not supported with o1-pro-2025-03-19.", "tools.type"],
    ["tools.4: Input tag 'namespace' found using 'type' does not match any of the expected tags: 'function'", "tools.type"],
    ["tools.0.type: Input should be 'function'", "tools.type"],
    ["tools.1.type: Input should be 'custom'", "tools.type"],
    ['tools[0].type: Invalid input: expected "function"', "tools.type"],
    [
      "Failed to deserialize the JSON body into the target type: tools[32]: unknown variant `advisor_20260301`, expected `web_search_20250305` or `web_search_20260209` at line 1 column 143873",
      "tools.type",
    ],
    [
      "[{'type': 'literal_error', 'loc': ('body', 'tools', 0, 'type'), 'msg': \"Input should be 'function'\", 'input': 'custom'}]",
      "tools.type",
    ],
    ["1 validation error:\n  {'type': 'literal_error', 'loc': 'body.tools.0.type', 'msg': \"Input should be 'function'\"}", "tools.type"],
    [
      "Failed to deserialize the JSON body into the target type: tools[0].type: unknown variant `custom`, expected `function` at line 1 column 99",
      "tools.type",
    ],
    [
      "Failed to deserialize the JSON body into the target type: ?[13]: Invalid 'tools': unknown variant `namespace`, expected `function` or `mcp` at line 1 column 107773",
      "tools.type",
    ],
    ["Invalid Value: 'tools.tool_search.description'. Server-executed tool_search does not accept a description.", "tools.type"],
    ["Custom tools with a grammar format are not supported.", "tools.type"],
    ["tool type 'custom' is not supported", "tools.type"],
    ["tools.0.custom.input_schema: Field required", "tools.type"],
    [
      "1 validation error:\n  {'type': 'missing', 'loc': ('body', 'tools', 0, 'input_schema'), 'msg': 'Field required', 'input': {'type': 'web_search_20250305'}}",
      "tools.type",
    ],
    ["Failed to deserialize the JSON body into the target type: tools[0]: missing field `input_schema` at line 1 column 639", "tools.type"],
    [
      "Error from provider (DeepSeek): Invalid schema for function 'web_search': schema must be a JSON Schema of 'type: \"object\"', got 'type: null'.",
      "tools.type",
    ],
    ["'claude-opus-5-5' does not support tool types: computer_20251124. Did you mean one of bash_20250124?", "tools.type"],
    ["Invalid value: 'xhigh'. Supported values are: 'low', 'medium', and 'high'.", "reasoning.effort", { param: "reasoning.effort" }],
    [
      "Unsupported value: 'detailed' is not supported with the 'gpt-5' model. Supported values are: 'auto'.",
      "reasoning.summary",
      { param: "reasoning.summary" },
    ],
    ["'claude-sonnet-4-5' does not support the `speed` parameter.", "speed"],
    ["output_config.task_budget: Extra inputs are not permitted", "output_config.task_budget"],
    [
      "1 validation error: {'type': 'literal_error', 'loc': ('body', 'tools', 0, 'function', 'type'), 'msg': \"Input should be 'function'\"}",
      "tools.type",
    ],
    [
      "3 request validation errors: Extra inputs are not permitted, field: 'messages[7].tool_calls[0].approxNumTokens', value: 0",
      "approx_num_tokens",
    ],
    [
      "Invalid 'user_id': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
      "metadata.user_id",
    ],
    [
      "Unsupported value: 'ultra' is not supported with the 'gpt-5.6-sol' model. Supported values are: 'none', 'low', and 'max'.",
      "reasoning.effort",
      { param: "reasoning.effort", code: "unsupported_value" },
    ],
    ["chat_template is not supported for Mistral tokenizers.", "chat_template_kwargs"],
    ["Required", "text", { param: "text.format", code: "missing_required_parameter" }],
    ["Unrecognized request argument supplied: parallel_tool_calls", "parallel_tool_calls"],
    ["parallel_tool_calls is not supported", "parallel_tool_calls"],
    ["stream_options: Extra inputs are not permitted", "stream_options"],
    ["context_management: Extra inputs are not permitted", "context_management"],
    ["`clear_thinking_20251015` strategy requires `thinking` to be enabled", "context_management"],
    [
      "No endpoints available that support Anthropic's context management features (context-management-2025-06-27). Context management requires a supported provider (Anthropic).",
      "context_management",
    ],
    ["thinking.adaptive.display: Extra inputs are not permitted", "thinking.display"],
    ["Extra inputs are not permitted: stream_options", "stream_options"],
    ["Extra inputs are not permitted: ['parallel_tool_calls', 'top_k']", "parallel_tool_calls"],
    [
      "1 validation error for Request\nstream_options\n  Extra inputs are not permitted [type=extra_forbidden, input_value={}, input_type=dict]",
      "stream_options",
    ],
    ["temperature: extra fields not permitted", "temperature"],
    ["1 validation error for Request\nbody -> top_p\n  extra fields not permitted (type=value_error.extra)", "top_p"],
    ["Malformed input request: #: extraneous key [store] is not permitted, please reformat your input and try again.", "store"],
    ["property store should not exist", "store"],
    ["AsyncCompletions.create() got an unexpected keyword argument 'top_k'", "top_k"],
    ['Invalid JSON payload received. Unknown name "stream_options": Cannot find field.', "stream_options"],
    ['Invalid JSON payload received. Unknown name "seed": Cannot find field.', "seed"],
    ["Invalid JSON payload received. Unknown name \"reasoning_content\" at 'messages[1]': Cannot find field.", "reasoning_content"],
    ["messages.1.reasoning_content: Extra inputs are not permitted", "reasoning_content"],
    [
      "'messages.1' : for 'role:assistant' the following must be satisfied[('messages.1' : property 'reasoning_content' is unsupported)]",
      "reasoning_content",
    ],
    ['json: unknown field "top_k"', "top_k"],
    ["openai does not support parameters: ['tool_choice'], for model=x", "tool_choice"],
    ["Additional properties are not allowed ('seed' was unexpected)", "seed"],
    ["`temperature` is deprecated for this model.", "temperature"],
    ["invalid temperature: only 1 is allowed for this model", "temperature"],
    ["Thinking mode does not support this tool_choice", "tool_choice"],
    ["tool_choice 'required' is not supported", "tool_choice"],
    ["Value error, Currently only named tools are supported.", "tool_choice"],
    ["This response_format type is unavailable now", "response_format"],
    ["<model-registry>/library/smollm2-plain:latest does not support tools", "tools"],
    ["Unsupported parameter(s): `stop`", "stop"],
    ["This model does not support the temperature parameter", "temperature"],
    ["This model doesn't support the stopSequences field. Remove stopSequences and try again.", "stop_sequences"],
    ["The temperature parameter is not supported for this model", "temperature"],
    ["This model does not support stream_options.", "stream_options"],
    ["Argument not supported on this model: temperature", "temperature"],
    ["Argument not supported on this model: presencePenalty", "presence_penalty"],
    ["messages[1].reasoning: reasoning is not supported with this model", "reasoning"],
    ["`messages[3].reasoning`: reasoning is not supported with this model", "reasoning"],
    ["Encrypted content is not supported with this model.", "include", { param: "include" }],
    ["Invalid value: 'reasoning.encrypted_content'. Supported values are: 'file_search_call.results'.", "include", { param: "include[0]" }],
    ["Invalid value: 'reasoning.encrypted_content'. Supported values are: 'file_search_call.results'.", "include"],
    ["body.include.0: Input should be 'file_search_call.results' or 'message.input_image.image_url'", "include"],
    ["include[0]: unknown variant `reasoning.encrypted_content`, expected `file_search_call.results`", "include"],
    ["litellm.BadRequestError: parallel_tool_calls is not supported with this model", "parallel_tool_calls"],
    ["top_p参数非法。请检查文档。", "top_p"],
    ["max_tokens参数非法。请检查文档。", "max_tokens"],
    ["Invalid 'user': string too long. Expected a string with maximum length 64, but got a string with length 100 instead.", "user"],
    ["invalid params, function name or parameters is empty (2013)", "tools.type"],
    ["temperature must be 1 for this model", "temperature"],
    ["`temperature` may only be set to 1 when thinking is enabled.", "temperature"],
    ["Only temperature=1 is supported", "temperature"],
    ["anthropic does not support parameters: {'parallel_tool_calls': False}, for model=x", "parallel_tool_calls"],
    ["unknown field: parameter 'strict' is not a valid field", "strict"],
    ["Extra inputs are not permitted, field: 'messages[2].reasoning', value: None", "reasoning"],
    ["tool_choice 'required' is incompatible with thinking enabled", "tool_choice"],
    ["No endpoints found that support the provided 'tool_choice' value. To learn more, visit: https://x", "tool_choice"],
    ["Invalid tool_choice type: 'object'. Supported string values: none, auto, required", "tool_choice"],
    ['Value error, `tool_choice` must either be a named tool, "auto", or "none".', "tool_choice"],
    [
      '"thinking.type.disabled" is not supported for this model. Thinking defaults to adaptive mode when not specified; use "thinking.type.enabled" with "budget_tokens" for extended thinking.',
      "thinking.type.disabled",
    ],
    ["json mode cannot be combined with tool/function calling", "response_format"],
    ["Function calling with a response mime type: 'application/json' is unsupported", "response_format"],
    ["max_tokens is too large: 32000. This model supports at most 4096 completion tokens.", "max_tokens"],
    ["Invalid max_tokens value, the valid range of max_tokens is [1, 8192]", "max_tokens"],
  ])("%s", (message, field, extra) => {
    expect(read(400, message, extra)).toMatchObject({ kind: "bad-request", refused: { field } });
  });

  it.each([
    "Model grok-4-1-fast does not support parameter reasoningEffort.",
    'think value "high" is not supported for this model',
    "Thinking level is not supported for this model.",
    'level "max" not supported, valid levels: low, medium, high',
    "thinking not supported for this model",
    "Unsupported value: 'xhigh' is not supported with the 'gpt-5-mini' model. Supported values are: 'minimal', 'low', 'medium', and 'high'.",
    `invalid reasoning value: 'xhigh' (must be "high", "medium", "low", "max", or "none")`,
    "Budget 0 is invalid. This model only works in thinking mode.",
    "Unable to submit request because Thinking can't be disabled for this model.",
    "Unable to submit request because The model does not support setting thinking_budget to 0.",
    "reasoning_effort must be one of `none` or `default`",
    "reasoning_effort is not enabled for this model",
  ])("an effort, in whatever words: %s", (message) => {
    expect(read(400, message).refused).toEqual({ field: "reasoning_effort", capability: "effort_unsupported" });
  });

  it("an effort whose field is hidden", () => {
    const message =
      "Unsupported value: 'minimal' is not supported with the 'gpt-5.1' model. Supported values are: 'none', 'low', and 'high'.";
    const { refused } = read(400, message, { param: "***.effort", code: "unsupported_value" });
    expect(refused).toEqual({ field: "reasoning_effort", capability: "effort_unsupported" });
  });

  it.each<[body: unknown]>([
    [[{ error: { code: 400, message: 'Invalid JSON payload received. Unknown name "stream_options": Cannot find field.' } }]],
    [{ message: "[{'type': 'extra_forbidden', 'loc': ('body', 'stream_options'), 'msg': 'Extra inputs are not permitted', 'input': {}}]" }],
    [{ detail: [{ type: "extra_forbidden", loc: ["body", "stream_options"], msg: "Extra inputs are not permitted" }] }],
    [{ error: { message: "invalid input error", details: [{ loc: ["body", "stream_options"], msg: "Extra inputs are not permitted" }] } }],
    [{ code: "parameter_not_supported", message: "Some are invalid.", detail: { loc: ["body", "stream_options"], input: {} } }],
  ])("in a body of another shape: %j", (body) => {
    for (const status of [400, 422])
      expect(readFailure({ status, headers: {}, text: JSON.stringify(body) }, 0).refused).toEqual({ field: "stream_options" });
  });

  it.each<[message: string, field: string, max: number]>([
    ["max_tokens is too large: 32000. This model supports at most 4096 completion tokens.", "max_tokens", 4096],
    ["Invalid max_tokens value, the valid range of max_tokens is [1, 8192]", "max_tokens", 8192],
    ["max_tokens: 32000 > 8192, which is the maximum allowed number of output tokens for x", "max_tokens", 8192],
    [
      "`max_completion_tokens` must be less than or equal to `16384`, the maximum value for it is less than the window",
      "max_completion_tokens",
      16384,
    ],
    [
      "The parameter `max_tokens` specified in the request is not valid: integer above maximum value, expected a value <= 32768, but got 64000 instead.",
      "max_tokens",
      32768,
    ],
    [
      "Invalid 'max_output_tokens': integer above maximum value. Expected a value <= 128000, but got 200000 instead.",
      "max_output_tokens",
      128000,
    ],
    ["The maximum allowed max_tokens for this model is 4096, but got 32000", "max_tokens", 4096],
    ["Requested max_tokens 32000 is greater than the model limit 4096", "max_tokens", 4096],
    ["max_new_tokens too big (32000), maximum is 4096", "max_tokens", 4096],
    ["This model's max_completion_tokens limit is 4,096.", "max_completion_tokens", 4096],
    ["The value of max_tokens must be between 1 and 4096.", "max_tokens", 4096],
    ["Invalid value for max_tokens: 32000 (max 4096)", "max_tokens", 4096],
    ["Maximum output tokens exceeded: requested 32000, limit 4096", "max_tokens", 4096],
    ["max_tokens=128000 cannot be greater than max_model_len=2048. Please request fewer output tokens.", "max_tokens", 2048],
  ])("the most that the output limit may be: %s", (message, field, max) => {
    expect(read(400, message)).toMatchObject({ refused: { field }, limit: { max } });
  });

  it.each([
    "messages: Field required",
    "temperature must be between 0 and 1",
    "temperature must be 1 or less",
    "max_tokens: Input should be greater than or equal to 1",
    "max_tokens must be greater than 0",
    "Invalid type for 'messages': expected a list",
    "boom",
    "Cannot apply chat template to an empty conversation.",
    "tools.0.custom.input_schema.type: Input should be 'object'",
    "messages[2].role: unknown variant `tool`, expected `user` or `assistant`",
    "messages.3.role: roles must alternate",
    "messages[1].role must be one of 'system', 'user', 'assistant'",
    // A role that the program left out, or wrote as nobody knows it, and one that may not stand where it does.
    "Missing required parameter: 'messages[2].role'.",
    "Invalid type for 'messages[1].role': expected a string, but got null instead.",
    "messages.1.role: Field required",
    "body/messages/1/role must be string",
    "Key: 'Request.Messages[1].Role' Error:Field validation for 'Role' failed on the 'required' tag",
    "messages[1].role: unknown variant `human`, expected `user` or `assistant`",
    "messages.1.role: Invalid enum value. Expected 'user' | 'assistant', received 'human'",
    "messages.3.role must be one of the following values: system, user, assistant",
    'messages.1.role: Invalid option: expected one of "user"|"assistant"|"system"',
    '$.messages[1].role: does not have a value in the enumeration ["user", "assistant", "system"]',
    "messages.2.role: expected 'user' but got 'assistant'",
    "messages[2].role: 'assistant' cannot follow 'assistant'",
    "body/messages/0/role must be equal to one of the allowed values",
    "messages.0.role: Invalid enum value. Expected 'system' | 'user' | 'assistant' | 'tool', received 'developer'",
    "tools.0.name: String should match pattern '^[a-zA-Z0-9_-]+$'",
    "web_search_tool_result blocks cannot follow a turn with citations disabled",
    "include: Input should be a valid list",
    "Unsupported value: 'low' is not supported with the 'gpt-5.1-codex' model. Supported values are: 'medium'.",
    "Unsupported value: 'none' is not supported with the 'gpt-x' model. Supported values are: 'auto' and 'required'.",
  ])("none is named in: %s", (message) => {
    expect(read(400, message).refused).toBeUndefined();
  });

  it.each(["tool_choice.function", "text.format.name", "response_format.json_schema", "stream_options.include"])(
    "none is, where the program left out %s",
    (param) => {
      expect(
        read(400, `Missing required parameter: '${param}'.`, { param, code: "missing_required_parameter" }).refused?.field,
      ).toBeUndefined();
    },
  );
});

it("LM Studio names the part of response_format that it does not take", () => {
  expect(read(400, "'response_format.type' must be 'json_schema' or 'text'").refused?.field).toBe("response_format.type");
});

describe("a capability that the client can do without", () => {
  it.each<[message: string, capability: string, status?: number]>([
    ["messages.1.content.0.thinking.signature: Field required", "thinking_signature"],
    ["messages.3.content.0.thinking: each thinking block must contain thinking", "thinking_signature"],
    ["too many total images/pages in request: 150 > 100", "media_budget"],
    ["messages.1.role: Input should be 'user' or 'assistant'", "mid_conv_system"],
    ["Input should be 'user' or 'assistant'", "mid_conv_system"],
    ["unknown Anthropic role: system", "mid_conv_system"],
    ['Messages API 不支持 role="system"', "mid_conv_system"],
    ["Key: 'Request.Messages[1].Role' Error:Field validation for 'Role' failed on the 'oneof' tag", "mid_conv_system"],
    [
      'JSON parse error: Cannot deserialize value of type `com.x.Role` from String "system": not one of the values accepted for Enum class: [user, assistant]',
      "mid_conv_system",
    ],
    ["The JSON value could not be converted to Role. Path: $.messages[1].role | LineNumber: 0.", "mid_conv_system"],
    ["messages.1.role must be one of the following values: user, assistant", "mid_conv_system"],
    ["invalid_value messages[].role", "mid_conv_system"],
    // Zod 3, as LM Studio and others have it, and Zod 4; Ajv.
    ["request.messages.1.role: Invalid discriminator value. Expected 'user' | 'assistant'", "mid_conv_system"],
    ["messages.1.role: Invalid enum value. Expected 'user' | 'assistant', received 'system'", "mid_conv_system"],
    ['✖ Invalid option: expected one of "user"|"assistant"\n  → at messages[1].role', "mid_conv_system"],
    ["body/messages/1/role must be equal to one of the allowed values", "mid_conv_system"],
    ["request.thinking.type: Invalid discriminator value. Expected 'enabled' | 'disabled'", "thinking_type:adaptive"],
    ["thinking.type: Invalid enum value. Expected 'enabled' | 'disabled', received 'adaptive'", "thinking_type:adaptive"],
    [
      "messages.1.content.0.type: Invalid discriminator value. Expected 'text' | 'image' | 'tool_use' | 'tool_result'",
      "thinking_signature",
    ],
    ["messages.1.content.0.type: Invalid enum value. Expected 'text' | 'tool_use', received 'document'", "document_block"],
    [
      "1 validation error for AnthropicMessagesRequest\nmessages.1.role\n  Input should be 'user' or 'assistant' [type=literal_error, input_value='system', input_type=str]\n    For further information visit https://errors.pydantic.dev/2.12/v/literal_error",
      "mid_conv_system",
    ],
    [
      "1 validation error for AnthropicMessagesRequest\nthinking.type\n  Input should be 'enabled' or 'disabled' [type=literal_error, input_value='adaptive', input_type=str]",
      "thinking_type:adaptive",
    ],
    [
      "Failed to deserialize the JSON body into the target type: messages[1].role: unknown variant `system`, expected `user` or `assistant` at line 1 column 1932",
      "mid_conv_system",
    ],
    ["failed to marshal request: unknown variant `system`, expected `user` or `assistant`", "mid_conv_system"],
    ["messages[1].role must be either 'user' or 'assistant', but got 'system'", "mid_conv_system"],
    ["message[1].role must be 'user' or 'assistant'", "mid_conv_system"],
    ["invalid params, chat content has invalid message role: system (2013)", "mid_conv_system"],
    [
      "Malformed input request: #/messages/6/content/0: extraneous key [cachePoint] is not permitted, please reformat your input and try again.",
      "cache_control_field",
    ],
    [
      "The parameter `***.role` specified in the request are not valid: invalid value: `system`, supported values are: `assistant`, `user`.",
      "mid_conv_system",
    ],
    ["System message must be at the beginning.", "mid_conv_system"],
    ["Unsupported role: 'system'", "mid_conv_system"],
    ["messages.3: cache_control is not supported on system messages", "mid_conv_system"],
    ["messages.0.content.0.cache_control: Extra inputs are not permitted", "cache_control_field"],
    ["messages.1.content.0: Invalid `signature` in `thinking` block", "thinking_signature"],
    [
      "The encrypted content for item rs_1 could not be verified. Reason: Encrypted content organization_id did not match the target organization.",
      "thinking_signature",
    ],
    ["The encrypted content gAAA...c90= could not be verified.", "thinking_signature"],
    [
      "Error from provider (Console): Upstream request failed: [invalid_request_error] reasoning `encrypted_content` was not issued to this caller",
      "thinking_signature",
    ],
    ["Encrypted content is not supported. (parameter=input)", "thinking_signature"],
    [
      "messages.1.content.0: If an assistant message contains any thinking blocks, the first block must be 'thinking' or 'redacted_thinking'. Found 'text'.",
      "thinking_signature",
    ],
    [
      "messages.1.content.0: When thinking is disabled, an `assistant` message in the final position cannot contain `thinking`.",
      "thinking_signature",
    ],
    [
      "messages.3.content.10: When providing `thinking` or `redacted_thinking` blocks, the blocks must match the parameters during the original request.",
      "thinking_signature",
    ],
    [
      "messages.1.content.list[AnthropicContentBlock].0.type: Input should be 'text', 'image', 'tool_use' or 'tool_result', not 'thinking'",
      "thinking_signature",
    ],
    ["Corrupted thought signature.", "thinking_signature"],
    [
      "messages.3.content.1: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified.",
      "thinking_signature",
    ],
    ["messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`. Invalid", "thinking_signature"],
    [
      '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort"',
      "thinking_type:enabled",
    ],
    ["adaptive thinking is not supported on this model", "thinking_type:adaptive"],
    ["thinking.type: Input should be 'enabled' or 'disabled'", "thinking_type:adaptive"],
    [
      "1 validation error:\n  {'type': 'literal_error', 'loc': ('body', 'thinking', 'type'), 'msg': \"Input should be 'enabled' or 'disabled'\", 'input': 'adaptive'}",
      "thinking_type:adaptive",
    ],
    [
      "1 validation error:\n  {'type': 'literal_error', 'loc': ('body', 'function-wrap[__log_extra_fields__()]', 'thinking', 'type'), 'msg': \"Input should be 'enabled' or 'disabled'\", 'input': 'adaptive'}",
      "thinking_type:adaptive",
    ],
    ["Validation: `thinking.type` must be `enabled` or `disabled`", "thinking_type:adaptive"],
    ["thinking type should be enabled or disabled", "thinking_type:adaptive"],
    ["Only 'enabled' and 'disabled' are supported for thinking; 'adaptive' is not supported.", "thinking_type:adaptive"],
    ["thinking.type: Input should be 'adaptive' or 'disabled'", "thinking_type:enabled"],
    [
      "thinking: Input tag 'adaptive' found using 'type' does not match any of the expected tags: 'disabled', 'enabled'",
      "thinking_type:adaptive",
    ],
    ["output_config.format: structured outputs are not supported on this model", "structured_outputs_unsupported"],
    ["This model does not support the effort parameter.", "effort_unsupported"],
    ["output_config: Extra inputs are not permitted", "effort_unsupported"],
    ['"smollm2-tools" does not support thinking', "effort_unsupported"],
    ["Too many images in request: at most 20 images are allowed, must not exceed", "media_budget"],
    ["Too many images and document pages: 120 > 100", "media_budget"],
    ["Too much media: 0 document pages + 107 images > 100", "media_budget"],
    ["A maximum of 100 PDF pages may be provided.", "media_budget"],
    ["image input is not supported - hint: if this is unexpected, you may need to provide the mmproj", "image_block", 500],
    ["tiny is not a multimodal model", "image_block"],
    ["Only 'text' content type is supported.", "image_block", 404],
    ["At most 0 image(s) may be provided in one prompt.", "image_block"],
    ["At most 1 image(s) may be provided in one prompt.", "media_budget"],
    ["request contains 54 images, exceeding the maximum of 50 allowed per request", "media_budget"],
    ["Image count 6 exceeds limit 4 per request.", "media_budget"],
    ["Invalid content type. image_url is only supported by certain models.", "image_block"],
    ["messages.0.content.0: Input tag 'image' found using 'type' does not match any of the expected tags: 'text'", "image_block"],
    ["No endpoints found that support image input", "image_block", 404],
    ["Failed to deserialize: messages[0]: unknown variant `image_url`, expected `text`", "image_block"],
    ["This model does not support PDF documents", "document_block"],
    ["document blocks are not supported", "document_block"],
    ["Model codestral-2508 does not support document_url content", "document_block"],
    ["messages.0.user.content.list[...].0.document_url: Extra inputs are not permitted", "document_block"],
    ["Input tag 'document_url' found using 'type' does not match any of the expected tags: 'text', 'image_url'", "document_block"],
    [
      "messages.0.content.0: Input tag 'document' found using 'type' does not match any of the expected tags: 'text', 'image'",
      "document_block",
    ],
    ["Unexpected value(s) `context-1m-2025-08-07` for the `anthropic-beta` header.", "beta_header:context-1m-2025-08-07"],
    [
      "2 validation errors:\n  {'type': 'string_type', 'loc': ('body', 'messages', 0, 'content', 'str'), 'msg': 'Input should be a valid string', 'input': [{'type': 'document'}]}\n  {'type': 'literal_error', 'loc': ('body', 'messages', 0, 'content', 'list[AnthropicContentBlock]', 1, 'type'), 'msg': \"Input should be 'text', 'image' or 'tool_use'\", 'input': 'document', 'ctx': {}}",
      "document_block",
    ],
    // Their paths are lists, so that no sentence was made of them.
    [
      "[{'type': 'literal_error', 'loc': ['body', 'messages', 0, 'content', 1, 'type'], 'msg': \"Input should be 'text'\", 'input': 'image_url'}]",
      "image_block",
    ],
    [
      "[{'type': 'literal_error', 'loc': ['body', 'messages', 0, 'content', 1, 'type'], 'msg': \"Input should be 'text'\", 'input': 'document'}]",
      "document_block",
    ],
    ["capability_rejected: image_block", "image_block"],
    ["max_completion_tokens=32000 cannot be greater than max_model_len=2048.", "max_tokens_context_overflow"],
  ])("%s", (message, capability, status = 400) => {
    expect(read(status, message)).toMatchObject({ kind: "refused-capability", refused: { capability } });
  });

  it.each([
    "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024",
    "Function call is missing a thought_signature in functionCall parts.",
    "Incorrect role information",
    "tools.0.input_schema: Field required",
    "Only 'text' content type is supported for tool messages.",
    "messages.0.content.1.text: cache_control cannot be set for empty text blocks",
  ])("none is named in: %s", (message) => {
    expect(read(400, message).refused?.capability).toBeUndefined();
  });
});

describe("a list of Zod's", () => {
  const message = 'Invalid option: expected one of "user"|"assistant"';
  const issues = [{ code: "invalid_value", values: ["user", "assistant"], path: ["messages", 1, "role"], message }];
  it.each([
    ["in an error's sentence", { error: { name: "ZodError", message: JSON.stringify(issues) } }],
    ["as an error's issues", { success: false, error: { name: "ZodError", issues } }],
  ])("is read with the places that it names, %s", (_, body) => {
    expect(readFailure({ status: 400, headers: {}, text: JSON.stringify(body) }, 0)).toMatchObject({
      kind: "refused-capability",
      message: `messages.1.role: ${message}`,
      refused: { capability: "mid_conv_system" },
    });
  });
});
