/** OpenAI, and what stands in for it (docker/docker-agent#63). */
export const nullContent = /'(?:messages\[\d+\]\.)?content['"]?: expected .{0,60}\bnull\b/i;
/** Gateways, of items that they do not know. */
export const invalidInput = /(?:^|\binput: )invalid input$/i;
/** OpenRouter, which does not say what is wrong. */
export const invalidRequest = /invalid responses api request/i;

/** A kind of item that only OpenAI's Responses have, or only OpenAI's newest. */
export const itemsRefused: readonly RegExp[] = [
  /\binput item type\b/i, // Ollama: 'input[1]: unknown input item type: "agent_message"'
  /\bunknown input type: \w/i, // Envoy's gateway: "cannot unmarshal unknown input type: agent_message"
  /\binput\S* item type "\w+" is not supported/i, // Kimi: 'input.12: item type "compaction" is not supported'
  /\b(?:unsupported|unknown|invalid) item type: \w/i,
  /\binput: missing field `\w+`/i, // DeepSeek, of a search for tools (openai/codex#44779)
  /\binput\.\d+\.type: invalid input\b/i, // A gateway
  /cannot determine type of 'item'/i, // llama.cpp
  /\binput[[.'].{0,40}\bdid not match any (?:supported type|(?:expected )?variant)\b/i, // xAI, OpenCode, Bedrock
  /\buntagged enum ModelInput\b/i, // xAI
  /\binput\[\d+\]: invalid \\?"\w+\\?" item\b|\bdecode the compaction blob\b/i, // xAI, of any kind that it does not take
  /\bEasyInputMessageParam\b/i, // vLLM, which names each kind that it is not
  /\binvalid value: '\w+'\. supported values are: .{0,2000}'function_call_output'/i, // OpenAI, of one of Codex's that it does not know yet
];

/** Rules of the Messages API about what means nothing (`wire/messages/content-rules.ts`). */
export const contentRules: readonly RegExp[] = [
  /text content blocks must (?:be non-empty|contain non-whitespace)|must have non-empty content/i, // Anthropic
  /cannot be set for empty text/i, // Anthropic, of a cache mark
  /contentblock object at \S+ is blank/i, // Bedrock
  /final assistant content cannot end with trailing whitespace/i, // Anthropic
  /maximum of \d+ blocks with cache_control|cache_control block must not come after/i, // Anthropic
];

/**
 * Rules of a request that fcc keeps in what it writes itself, as servers tell that a client's own bytes break one: an agent that was stopped in
 * the middle, or that went on at another server, leaves such a history, and each later request is refused for it. Whole sentences stand in
 * `test/route/refused-by.test.ts`.
 */
export const brokenRules: readonly RegExp[] = [
  ...contentRules,

  // A message must say something.
  /final block in an assistant message cannot be [`'"]?thinking/i, // Anthropic, of a reply that was cut
  nullContent,
  /must have either content or tool_calls|content or tool_calls should be non-empty/i, // Mistral
  /with role \S+ must not be empty|(?:text|chat) content is empty/i, // Kimi, MiniMax
  /must have at least one content element/i, // xAI
  /\.text: ?text cannot be empty/i, // Zhipu
  /content or tool_calls must be set/i, // DeepSeek
  /invalid message content type: <nil>/i, // Ollama
  /must contain at least one part|`text` is not (?:set|present)/i, // Xiaomi
  /required oneof field 'data'|(?:must include at least one parts field|(?:must have a|has an empty) text parameter)/i, // Gemini, Vertex

  // A call has its result, and a result its call.
  /\btool_use\b.{0,20}\bwithout\b.{0,20}\btool_result|unexpected [`'"]?tool_use_id/i, // Anthropic
  /\btool_use must have a single result|did not find \d+ [`'"]?tool_result/i, // Anthropic
  /must be followed by tool messages|must be a response to a prece|no tool (?:output|call) found for(?! tool call)/i, // OpenAI
  /expected toolresult blocks|number of toolresult blocks/i, // Bedrock
  /function (?:call|response) turn comes immediately|number of function response parts/i, // Gemini
  /\btool_call_id\s+is not found/i, // Kimi
  /tool result's tool id\S* not found|tool call (?:result does not follow|and result not match|id is invalid)/i, // MiniMax
  /not the same number of function calls|unexpected tool call id|unexpected role ['"`]?(?:tool|assistant)['"`]? after role/i, // Mistral
  /invalid consecutive assistant message/i, // DeepSeek
  /2 or more assistant messages at the end/i, // llama.cpp

  // What the system says is one message.
  /\binvalid chat setting\b/i, // MiniMax

  // A call has arguments, which are JSON.
  /\bmissing required parameter: '\S*\bfunction\.arguments'|\bfunction\.arguments: field required\b/i, // OpenAI; Pydantic
  /\bmissing field [`'"]?arguments\b|\bkey 'arguments' not found\b/i, // Serde; llama.cpp
  /invalid function arguments json/i, // MiniMax
  /function\.arguments\b.{0,60}\bjson format/i, // DashScope
  /\binvalid tool call arguments\b/i, // Ollama
  /\barguments\b.{0,3} must be (?:a )?valid json/i, // OpenCode Zen
  /\bitem pairs from a mapping/i, // vLLM, of a template
  /: line \d+ column \d+ \(char \d+\)/i, // vLLM and SGLang, as Python tells it
  /failed to parse tool call arguments/i, // llama.cpp
  /\btool_use\.input: input should be (?:a valid dict|an object)/i, // Anthropic

  // Its name is one that a tool can have.
  /\btool_use\.name: string should/i, // Anthropic, of what a model made up

  // The result of a tool that failed is text.
  /\bif [`'"]?is_error\b/i, // Anthropic

  // What is asked has a use, and does not contradict itself.
  /\bis only allowed when '(?:tools|stream)'|\binvalid 'tools': empty array|\[\] is too short - 'tools'/i, // OpenAI, Groq, of fields without a use
  /cannot be disabled when reasoning_effort is set/i, // DeepSeek
  /reasoning_effort and thinking type: \w+ \+ disabled/i, // Volcengine

  // Nothing stands in it that is null.
  /\btype must be \w+, but is null\b/i, // llama.cpp
  /\bvalue is "null" but should be "/i, // Azure, of Codex's reasoning
  /'NoneType' object\b/i, // Cerebras, of a call

  // Text is Unicode: half a character, as a tool's output is cut, is none.
  /\b(?:low|high|leading|trailing) surrogate\b|\bsurrogates not allowed\b/i, // Anthropic, DeepSeek, Python

  // A picture is what its type says.
  /image does not match the provided media type|\bbut the image appears to be\b|\bmedia_type: input should be 'image\//i, // Anthropic

  // Items and their parts have a type.
  /\binvalid value: ''\. supported values are: .{0,2000}'(?:function_call_output|input_text)'/i, // Azure's Foundry (openclaw/openclaw#90570, microsoft/vscode#317534)

  // Items need nothing that the server stores.
  /\bitem with id\b.{0,80}\bnot found|was provided without its required|expected an id that begins with/i, // OpenAI
  /\binvalid 'input\[\d+\]\.(?:id|name)'|\[input\[\d+\]\.id\] \[(?:string_above_max|invalid_id_prefix)/i, // OpenAI; GitHub Copilot
  /\bduplicate item found with id\b/i, // OpenAI
  /\bmissing required parameter: 'input\[\d+\]|\binvalid type for 'input\[\d+\]\.(?!output\b)/i, // OpenAI
  /\binput item id does not belong to this connection/i, // GitHub Copilot, of another token's
  /\bnamespace\b.{0,60}\bcollides with\b/i, // OpenAI, of a group of tools
  /\bdeclares encrypted parameters but\b|\bis reserved for use by this model\b/i, // OpenAI, of Codex's sub-agents, for whom it has tools of these names
  /\bcodex-responses-lite only supports\b/i, // Azure, of a header that goes with Codex's bytes

  // Tools, as MCP servers offer them, have short and single names and a schema that can be held to.
  /\btools\b\S*\bname\b.{0,60}(?:at most \d+ characters|too long|\bpattern\b)/i, // Anthropic, OpenAI
  /\bfunction name was .{1,200} but must be/i, // Mistral
  /\btools\[\d+\]\.(?:function\.)?description': empty string/i, // OpenAI, Azure
  /\bfunction parameters is empty\b/i, // MiniMax, of a tool that takes none
  /\btool names must be unique|\binput_schema does not support|\binput_schema\.type: field required/i, // Anthropic
  /invalid (?:json )?schema for (?:function|tool)\b/i, // OpenAI
  /has invalid 'parameters' schema/i, // SGLang
  /invalid discriminator value\. expected 'object'/i, // LM Studio
  /tool parameter root must be an object|\bitems['"`]? must be a schema\b/i, // xAI
];

/**
 * The same, where what breaks the rule may be what the language has no word for, or the form in which it goes on: it does not go on there.
 */
export const unknownRules: readonly RegExp[] = [
  // Content is a string.
  /\bsequence, expected a string/i, // DeepSeek
  /\bcontent\b.{0,20}\bmust be a (?:valid )?string/i, // Groq
  /cannot unmarshal array into go struct field \S+\.(?:content|output)\b/i, // Ollama
  /\bcontent['"]?: expected a string, but got an array/i, // OpenAI, of a tool's
  /'array' not in 'string'/i, // Workers AI
  /\bcontent as a list is only supported for user\b/i, // NVIDIA NIM (microsoft/agent-framework#1407)
  /can only concatenate str \(not "list"\)|'list object' has no attribute/i, // vLLM, Hyperbolic, Cerebras, of a template
  /\bcontent field's type should be `?str\b/i, // SiliconFlow
  /(?:\b(?:messages|input)\b\S*\s+|\] |^)input should be a valid string/i, // Pydantic: vLLM, SGLang

  // Nothing stands in it that is not known.
  /\bdid not match any variant of untagged enum\b/i, // DeepSeek, xAI, Bedrock
  /\bmessages[.[]\d\S*\b(?:refusal|annotations|audio|function_call|index|name|reasoning_details)['"]?: extra (?:inputs|fields)/i, // Pydantic
  /\bproperty '(?:refusal|annotations|audio|function_call|index|name|reasoning_details)' is unsupported/i, // Groq
  /\bunknown field \\?[`'"](?:refusal|annotations|audio|function_call|index|reasoning_details)\b/i, // Serde, Go
  /\bunknown name \\?"(?:refusal|annotations|audio|function_call|index|name|reasoning_details)\\?" at [`'"]?messages\b/i, // Google
  /#\/messages\/\d+\S*: extraneous key \[(?:refusal|annotations|audio|function_call|index|name|reasoning_details)\]/i, // Bedrock
  /\bmismatch type \S{0,60}\breasoningdetail\b/i, // MiniMax, of `reasoning_details` in another's form (iOfficeAI/AionUi#1617)
  /\btool_(?:use|result)\.caller\b/i, // Messages servers of an older API, of who made a call
  /\btool[_ ]reference\b|\btool_result\.content\.\d+\.type: field required/i, // The same, and Bedrock, of a search for tools
  /invalid value: 'original'/i, // OpenAI's older models, of Codex's size for a picture
  /\binvalid 'messages\[\d+\]\.name'/i, // OpenAI, of an agent's with a space in it

  // Items are of a kind that the server knows.
  ...itemsRefused,
  /^'(?:AdditionalTools|Response[A-Z]\w+)' object has no attribute 'get'$/, // vLLM, of Codex's `additional_tools` (vllm-project/vllm#55659)
  invalidInput,
  /^invalid request error$/i, // Kimi, of a search for tools on either wire
  /\binvalid value: '(?:in|out)put_text'\. supported values/i, // OpenAI, of which side said it
  /invalid 'input\[\d+\]\.content': array too long|unknown parameter: 'input\[\d+\]/i, // OpenAI
  /\bagent_message\b/i, // Others than OpenAI, of what Codex's agents say to each other

  // What it is stands nowhere.
  invalidRequest,
  /\bmessages parameter is illegal|\bmessages ?参数非法/i, // Zhipu
  // The same: a tool's schema, a picture, `tool_choice` without tools.
  /\binvalid api parameter\b|\bapi 调用参数有误/i,
];
