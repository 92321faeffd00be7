import type { Quirks } from "../model/quirks.ts";

/** Anthropic: "messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'"; Bedrock, of a `toolUseId`. */
export const toolIdsRefused = /\btool_?(?:use|result)\S*id\b.{0,160}\bpattern\b|\binvalid tool_?use[_. ]?id\b/is;

/** A client of Claude's own wire knows what this says. */
const prefillRefused = /support assistant message prefill/i;

const json = /json mode|response[_ ](?:format|mime type)|structured outputs?|json_schema/.source;
const calls = /\b(?:tools?|function[ _-]call(?:s|ing)?)\b/.source;
const together = /combined|together|at the same time|incompatible|\bboth\b|\bwith (?:a response|tools?\b|function)/.source;
/** A schema for the reply and tools, of which the server takes one only; in one sentence, in any order. */
export const refusedBesideTools = new RegExp(`^(?=[^]*(?:${json}))(?=[^]*${calls})[^]*(?:${together})`, "i");

/**
 * What a server's template or API says of a conversation's form, and the quirk that it thereby confesses: a server that a configuration
 * describes by its address alone has no row that would know. The next request is written by it.
 */
const confessions: readonly { readonly says: RegExp; readonly quirks: Quirks }[] = [
  // DeepSeek, xAI, Cerebras and others, of what only OpenAI knows.
  {
    says: /unknown variant [`'"]developer|developer['"`]? role|\brole:? developer\b|invalid value: 'developer'|unexpected message role\.|role[^.]{0,40}['"`]developer['"`]/i,
    quirks: { systemRole: "system" },
  },
  // Templates of Gemma 2 and the first Mistral; Google, of Gemma: "Developer instruction is not enabled for models/gemma-3-27b-it".
  {
    says: /system role not supported|only user,? (?:and )?assistant\b.{0,20}roles are supported|developer instruction is not enabled/i,
    quirks: { systemRole: "user", systemAnywhere: false },
  },
  // llama.cpp with thinking.
  { says: /prefill is (?:incompatible|not supported)/i, quirks: { prefill: "refuse" } },
  // Claude since 4.6: "This model does not support assistant message prefill. The conversation must end with a user message."
  { says: prefillRefused, quirks: { prefill: "refuse" } },
  // Gemini: "Please ensure that multiturn requests end with a user role or a function response."; Perplexity: "Last message must have role `user`."
  { says: /requests end with a user role|last message must have role/i, quirks: { prefill: "refuse" } },
  // Mistral: "Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant".
  { says: /assistant with prefix true/i, quirks: { prefill: "prefix", echoesPrefill: true } },
  // Mistral, and vLLM with its tokenizer.
  { says: /tool call id .{0,120}length of 9\b/is, quirks: { toolIds: "nine-letters" } },
  { says: toolIdsRefused, quirks: { toolIds: "safe" } },
  // OpenAI: "Invalid 'messages[1].tool_calls[0].id': string too long. Expected a string with maximum length 40".
  { says: /(?:tool_call_id|tool_calls\S*id|call_id)\b.{0,60}(?:too long|maximum length)/is, quirks: { toolIds: "short" } },
  // OpenAI's Responses.
  { says: /max_output_tokens['"`]?: integer below minimum value\. expected a value >= 16\b/i, quirks: { minOutput: 16 } },
  // Templates of Gemma, Mistral and Llama 2; Perplexity.
  {
    says: /roles must alternate|after the optional system message.{0,40}alternate|should alternate with assistant/i,
    quirks: { strictAlternation: true },
  },
  { says: /unexpected role ['"`]?user['"`]? after role ['"`]?tool/i, quirks: { assistantAfterTool: true, strictAlternation: true } },
  // LiteLLM before Bedrock: "Bedrock doesn't support tool calling without `tools=` param specified."
  { says: /without [`'"]?tools=|blocks must define tools|toolConfig field must be defined/i, quirks: { toolsForHistory: true } },
  // Groq: "json mode cannot be combined with tool/function calling"; Gemini 2.5: "Function calling with a response mime type:
  // 'application/json' is unsupported"; Fireworks: "... response format and function call at the same time".
  { says: refusedBesideTools, quirks: { schemaBesideTools: false } },
  // LM Studio: "Invalid tool_choice type: 'object'. Supported string values: none, auto, required".
  { says: /tool_choice\b.{0,60}\bsupported string values\b.{0,40}\brequired\b/i, quirks: { forcedTools: "required" } },
  // Cerebras: "Unsupported tool_choice: type='function' ... Expected 'auto' or 'none'."
  { says: /tool_choice\b.{0,120}\bexpected ['"`]auto['"`] or ['"`]none/i, quirks: { forcedTools: "auto" } },
  // gpt-oss's template, of a call with words and thoughts before it.
  { says: /cannot pass both content and thinking/i, quirks: { reasoningField: "none" } },
  // Gemini behind another's gateway.
  { says: /missing a `?thought_signature/i, quirks: { thoughtSignatures: true, toolSchema: "gemini" } },
  {
    // Vertex: "... because `Read` functionDeclaration `parameters.x` schema didn't specify the schema type field."
    says: /unknown name \\?"[^"]{1,60}" at [`'"]?tools?\b|\bfunction_declarations\[\d+\]\.(?:name|parameters)\b|\bfunction(?:declaration|\b).{0,80}\b(?:specify the schema type|alongside any_of)/i,
    quirks: { toolSchema: "gemini" },
  },
  // llama.cpp, and LM Studio in front of it, make a grammar of all tools: "Failed to initialize samplers: failed to parse grammar", "Failed to process
  // regex", "JSON schema conversion failed: Pattern must start with '^' and end with '$'"; vLLM: "The provided JSON schema contains features not supported by
  // xgrammar.", "Grammar error: Unimplemented keys: [...]"; Cerebras: "Unsupported JSON schema fields: {'pattern'}".
  {
    says: /failed to (?:parse grammar|process regex)|json schema conversion failed|not supported by xgrammar|\bunimplemented keys\b|unsupported json schema fields/i,
    quirks: { toolSchema: "boundless" },
  },
  // LM Studio's Messages.
  { says: /only text tool_result blocks/i, quirks: { toolImages: false } },
  // Anthropic, of an MCP server's older schema, in which a tuple is a list of `items`.
  // Fireworks, of branches without a type: "JSON Schema not supported: could not understand the instance `{'required': ['criteria']}`."
  // Kimi: "tools.function.parameters is not a valid moonshot flavored json schema, details: ...", "function name is invalid, must start with a letter ...".
  {
    says: /input_schema: json schema is invalid|json schema not supported: could not understand|\bmoonshot flavored json schema\b|function name is invalid, must start with a letter/i,
    quirks: { toolSchema: "moonshot" },
  },
];

/**
 * Rules of a conversation that fcc keeps in what it writes itself, as the APIs tell that a client's own bytes break one: an agent that was
 * stopped in the middle leaves such a history, and each later request is refused for it.
 */
const brokenRules: readonly RegExp[] = [
  // Anthropic: "messages: text content blocks must be non-empty", "... must contain non-whitespace text"; "messages.0.content.0.text:
  // cache_control cannot be set for empty text blocks"; "messages.3: user messages must have non-empty content". Bedrock: "The text field in
  // the ContentBlock object at messages.0.content.0 is blank".
  /text content blocks must (?:be non-empty|contain non-whitespace)|cannot be set for empty text|must have non-empty content|contentblock object at \S+ is blank/i,
  // Anthropic, of a tool that failed: "all content must be type `text` if `is_error` is true", "content cannot be empty if `is_error` is true".
  /\bif [`'"]?is_error\b/i,
  // Anthropic: "A maximum of 4 blocks with cache_control may be provided. Found 5."; "a ttl='1h' cache_control block must not come after ...".
  /maximum of \d+ blocks with cache_control|cache_control block must not come after/i,
  // Anthropic
  /final assistant content cannot end with trailing whitespace/i,
  // A call without its result or a result without its call. Anthropic: "`tool_use` ids were found without `tool_result` blocks immediately
  // after: ...", "unexpected `tool_use_id` found in `tool_result` blocks: ...". OpenAI: "An assistant message with 'tool_calls' must be
  // followed by tool messages ...", "messages with role 'tool' must be a response to ..."; "No tool output found for function call ...".
  /\btool_use\b.{0,20}\bwithout\b.{0,20}\btool_result|unexpected [`'"]?tool_use_id|must be followed by tool messages|must be a response to a prece|no tool (?:output|call) found for/i,
  // The same. Bedrock: "Expected toolResult blocks at messages.2.content for the following Ids"; Gemini: "Please ensure that function call turn
  // comes immediately after a user turn", "... that the number of function response parts is equal to ..."; Kimi: "tool_call_id is not found";
  // MiniMax: "tool result's tool id(call_1) not found", "tool call result does not follow tool call".
  /expected toolresult blocks|number of toolresult blocks|function call turn comes immediately|number of function response parts|\btool_call_id\s+is not found|tool result's tool id\S* not found|tool call result does not follow/i,
  // The same. Mistral: "Not the same number of function calls and responses", "Unexpected tool call id x in tool results".
  /not the same number of function calls|unexpected tool call id/i,
  // A call whose arguments are no JSON. MiniMax: "invalid function arguments json string"; DashScope: 'The "function.arguments" parameter of the
  // code model must be in JSON format.'; OpenCode: "`arguments` must be valid JSON"; vLLM, of a template: "Can only get item pairs from a mapping."
  /invalid function arguments json|function\.arguments\b.{0,60}\bjson format|\barguments\b.{0,3} must be (?:a )?valid json|\bitem pairs from a mapping/i,
  // Text in parts where only a string is read. DeepSeek: "messages[1]: invalid type: sequence, expected a string"; Groq: "messages.1.content must
  // be a string"; Workers AI: "Type mismatch of '/messages/1/content', 'array' not in 'string'"; vLLM, SiliconFlow.
  /invalid type: sequence, expected a string|\bcontent\b.{0,20}\bmust be a string|'array' not in 'string'|\bcontent field's type should be `?str\b|input should be a valid string/i,
  // A field that is null, as SDKs write what is not set. llama.cpp: "Field 'max_completion_tokens': [json.exception.type_error.302] type must be number,
  // but is null".
  /\btype must be \w+, but is null\b/i,
  // Two in a row at the end, llama.cpp; a message or an item of no known form, Bedrock, DeepSeek, xAI: "messages[2]: data did not match any variant of
  // untagged enum ...", of a `content` that is null.
  /2 or more assistant messages at the end|\bdid not match any variant of untagged enum\b/i,
  // A message that says nothing. OpenAI: "Invalid value for 'content': expected a string, got null."; Mistral: "Assistant message must have either
  // content or tool_calls, but not none."; Kimi: "message at position 2 with role 'assistant' must not be empty", "text content is empty"; xAI; DeepSeek: "content or
  // tool_calls must be set"; MiniMax: "chat content is empty"; Xiaomi: "content must contain at least one part", "`text` is not set"; Gemini:
  // "parts[0].data: required oneof field 'data' must have one initialized field", Vertex: "it must include at least one parts field".
  /'(?:messages\[\d+\]\.)?content['"]?: expected .{0,60}\bnull\b|must have either content or tool_calls|with role \S+ must not be empty|must have at least one content element|content or tool_calls must be set|(?:text|chat) content is empty|must contain at least one part|`text` is not (?:set|present)|required oneof field 'data'|must (?:include at least one parts field|have a text parameter)/i,
  // Items that another server wrote, or that OpenAI has not stored: "Item with id 'rs_1' not found. Items are not persisted when `store` is set to
  // false.", "Item 'fc_1' of type 'function_call' was provided without its required 'reasoning' item", "... of type 'reasoning' was provided without
  // its required following item", "Invalid 'input[5].id': 'x'. Expected an ID that begins with 'msg'.", "Invalid 'input[9].content': array too long",
  // "Unknown parameter: 'input[2].status'."
  /\bitem with id\b.{0,80}\bnot found|was provided without its required|expected an id that begins with|invalid 'input\[\d+\]\.content': array too long|unknown parameter: 'input\[\d+\]/i,
  // Anthropic, of a screenshot that is not what its type says: "messages.9.content.3.image.source.base64.data: Image does not match the provided
  // media type image/png".
  /image does not match the provided media type|\bbut the image appears to be\b|\bmedia_type: input should be 'image\//i,
  // Tools of MCP servers: "tools.3.custom.name: String should have at most 64 characters" (or "should match pattern"), "tools: Tool names must
  // be unique.", "tools.3.custom.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level", "tools.3.custom.input_schema.type:
  // Field required"; SGLang: "Tool 'f' function has invalid 'parameters' schema"; Mistral: "Function name was x.y but must be a-z, ...". OpenAI:
  // "Invalid 'tools[0].function.name': string too long", "Invalid schema for function 'f': ... array schema missing items".
  /\btools\b\S*\bname\b.{0,60}(?:at most \d+ characters|too long|\bpattern\b)|\btool names must be unique|\binput_schema does not support|\binput_schema\.type: field required|has invalid 'parameters' schema|\bfunction name was .{1,200} but must be|invalid (?:json )?schema for (?:function|tool)\b/i,
  // An effort beside thinking that is switched off, as Claude Code asks for its agents. DeepSeek: "thinking options type cannot be disabled when
  // reasoning_effort is set"; Volcengine: "Invalid combination of reasoning_effort and thinking type: medium + disabled".
  /cannot be disabled when reasoning_effort is set|reasoning_effort and thinking type: \w+ \+ disabled/i,
  // A group of tools. OpenAI: "User-defined namespace 'image_gen' collides with an existing tool namespace."; Azure, of a header that goes with
  // Codex's bytes: "X-OpenAI-Internal-Codex-Responses-Lite only supports function tools, ...".
  /\bnamespace\b.{0,60}\bcollides with\b|\bcodex-responses-lite only supports\b/i,
  // What Codex's agents say to each other, an item that Responses servers other than OpenAI's do not know.
  /\bagent_message\b/i,
  // Content in parts, where a server takes a string: "messages.0.content: Input should be a valid string", "messages[0].content must be a string",
  // DeepSeek: "invalid type: sequence, expected a string"; OpenAI, of a tool's: "... expected a string, but got an array instead."
  /\bcontent['"]?:? (?:input should|must) be a (?:valid )?string|\bcontent['"]?: expected a string, but got an array|\bsequence, expected a string/i,
  // What an SDK's message has beside the model's words, when a program sends it back. Pydantic: "messages.1.refusal: Extra inputs are not
  // permitted"; Groq: "'messages.1' : for 'role:assistant' the following must be satisfied[('messages.1' : property 'annotations' is unsupported)]".
  /\bmessages[.[]\d\S*\b(?:refusal|annotations|audio|function_call|index|name|reasoning_details)['"]?: extra inputs|\bproperty '(?:refusal|annotations|audio|function_call|index|name|reasoning_details)' is unsupported/i,
  // Fields of a use that the request does not make of them: "'tool_choice' is only allowed when 'tools' are specified", "Invalid 'tools': empty array".
  /\bis only allowed when\b|\binvalid 'tools': empty array|\[\] is too short - 'tools'/i,
  // Who has made a call, which servers of Claude that know an older API do not: "messages.1.content.0.tool_use.caller: Extra inputs are ..."
  /\btool_(?:use|result)\.caller\b/i,
  // A session that went on from where tools were searched for: "Input tag 'tool_reference' found using 'type' does not match any of ..."
  /\btool[_ ]reference\b/i,
  // A picture in Codex's own size: "Invalid value: 'original'. Supported values are: 'low', 'high', and 'auto'."
  /invalid value: 'original'/i,
];

/**
 * A kind of item that only OpenAI's Responses have. Ollama: 'input[1]: unknown input item type: "agent_message"'; xAI, OpenCode, Bedrock:
 * "input[69] did not match any supported type"; Kimi: 'input.12: item type "compaction" is not supported'; llama.cpp: "Cannot determine type
 * of 'item'".
 */
export const itemsRefused =
  /\binput item type\b|cannot determine type of 'item'|\bitem type\b.{0,60}(?:\bnot |\bun)(?:supported|known)|\b(?:unsupported|unknown|invalid) (?:input )?item type\b|\binput\b.{0,40}\bdid not match any (?:supported type|(?:expected )?variant)\b/i;

/** What takes bytes, whose conversation's form a provider refused, through the language; with the quirk where the refusal tells of one. */
export function rewrittenFor(message: string): Quirks | undefined {
  // Both are answered with less than a rewriting: other ids in the same bytes, the schema in words.
  if (toolIdsRefused.test(message) || refusedBesideTools.test(message) || prefillRefused.test(message)) return undefined;
  const quirks = itemsRefused.test(message) || brokenRules.some((rule) => rule.test(message)) ? {} : confessedBy(message, {});
  // Only a request that asks for so little has to be rewritten.
  if (quirks?.minOutput !== undefined) return quirks;
  return quirks && { ...quirks, nativeFaults: ["conversation"] };
}

/** Azure, OpenAI: "Invalid 'tools[1].function.description': string too long. Expected a string with maximum length 1024, but got ...". */
export function longDescriptionsRefused(message: string): Quirks | undefined {
  const most = /\btools\b\S*\bdescription\b.{0,80}\bmaximum length (\d+)/is.exec(message)?.[1];
  return most === undefined ? undefined : { toolDescriptionLength: Number(most) };
}

/** The quirk that a refusal tells of, where it is not obeyed yet. */
export function confessedBy(message: string, obeyed: Quirks): Quirks | undefined {
  return confessions.find(({ says, quirks }) => says.test(message) && !isObeyed(quirks, obeyed))?.quirks;
}

function isObeyed(quirks: Quirks, obeyed: Quirks): boolean {
  return Object.entries(quirks).every(([name, value]) => obeyed[name as keyof Quirks] === value);
}
