import { efforts } from "../../model/request.ts";
import { alwaysThinks, neverThinks, unsupported } from "./refused-capability.ts";
import { type Sentences, saysAny } from "./sentences.ts";

/**
 * The field that an error refuses, by its path in the request's body, without indices: "stream_options", "output_config.effort"; inside
 * messages, tools and system only its own name: "reasoning_content", "cache_control". What names it most surely counts.
 */
export function refusedField(message: string, tokens: readonly string[], param: string | undefined): string | undefined {
  const isToolKind = saysAny(message, toolKinds) || /^tools(?:\[\d+\]|\.\d+)\.type$/.test(param ?? "");
  if (isToolKind) return "tools.type";
  // The sentence names the value only: "Invalid value: 'xhigh'. Supported values are: 'low', 'medium', and 'high'."
  if (param !== undefined && valued.test(param) && /supported values are/i.test(message)) return param.replace(/\[\d+\]$/, "");
  return (
    namedBy(fieldSentences, message) ??
    namedByParam(message, tokens, param) ??
    purposes.find(({ says }) => saysAny(message, says))?.field ??
    (/\breasoning_effort\b/.test(message) && unsupported.test(message) ? "reasoning_effort" : refusedBehind.exec(message)?.[1])
  );
}

function namedBy(sentences: readonly RegExp[], message: string): string | undefined {
  for (const sentence of sentences) {
    const field = fieldAt(sentence.exec(message)?.[1]);
    if (field !== undefined) return field;
  }
  return undefined;
}

function namedByParam(message: string, tokens: readonly string[], param: string | undefined): string | undefined {
  // LM Studio, of a `text` with nothing in it but how much to say: the object can be left out.
  if (param === "text.format" && tokens.includes("missing_required_parameter")) return "text";
  const isRefused =
    tokens.some((token) => refusingToken.test(token)) ||
    /unsupported|not supported|does not support|unknown param|unrecogni[sz]ed/i.test(message);
  return isRefused ? fieldAt(param) : undefined;
}

/** The field that a path of a server's leads to; undefined where it is none. */
function fieldAt(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const steps = path.split(/[.[\]]+/).filter((step) => step !== "" && step !== "body" && !/^\d+$/.test(step));
  const first = steps[0];
  // Pydantic names the kind of thinking on the way to its field.
  const whole = steps.join(".").replace(/^thinking\.(?:adaptive|enabled)\./, "thinking.");
  const named = first !== undefined && inside.has(first) && steps.length > 1 ? steps.at(-1) : whole;
  // xAI names fields as its own code does: "reasoningEffort".
  const field = named?.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (field === undefined || notFields.has(field.toLowerCase()) || !/^[a-z_]/i.test(field)) return undefined;
  return field;
}

const refusingToken = /^(?:(?:unsupported|unknown|unrecognized)_(?:parameter|value|argument|field)|parameter_not_supported)$/;

/** Fields that a request can do without, whatever it asked for by them. */
const valued = /^(?:reasoning_effort|reasoning\.effort|reasoning\.summary|text\.verbosity|verbosity|include(?:\[\d+\])?)$/;

/** A field that is named before the words that refuse it. */
const refusedBehind =
  /\b(stream_options|parallel_tool_calls|chat_template_kwargs|reasoning_budget|reasoning_effort|reasoning_content|enable_thinking|response_format|top_k|tool_choice|service_tier|prompt_cache_key)\b.{0,60}(?:not support|unsupported|unavailable|not allowed|not permitted|unknown|unrecogni)/i;

/** Fields that servers name without quotes: in a sentence that any word would fit, only these count. */
const common =
  "temperature|top_p|top_k|stop|seed|logprobs|max_tokens|max_completion_tokens|stream_options|parallel_tool_calls|reasoning_effort|response_format|tool_choice|presence_penalty|frequency_penalty|service_tier|prompt_cache_key";

/** The sentences in which a field is refused, the name in the first group. */
const fieldSentences: readonly RegExp[] = [
  // Pydantic, as FastAPI and Anthropic write it; its first version said "extra fields not permitted".
  /(?<![\w.[\]-])([\w.[\]-]+): extra (?:inputs are|fields) not permitted/i,
  // Fireworks: "Extra inputs are not permitted, field: 'messages[2].reasoning', value: None"
  /extra inputs are not permitted(?:, field)?: *\[?[`'"]?([a-z_][\w.[\]]*)/i,
  /^(?:body -> )?([a-z_][\w.]*)\n\s+extra (?:inputs are|fields) not permitted/im,
  // Bedrock: "Malformed input request: #: extraneous key [service_tier] is not permitted"; NestJS.
  /extraneous key \[[`'"]?([a-z_][\w.]*)[`'"]?\] is not permitted/i,
  /\bproperty ([a-z_][\w.]*) should not exist/i,
  // Python, behind a gateway, which goes before the words below: "key" begins "keyword".
  /unexpected keyword argument [`'"]([\w.]+)[`'"]/i,
  // OpenAI
  /(?:unsupported|unknown|unrecogni[sz]ed|unexpected|invalid) (?:request )?(?:parameter|argument|field|property|key)s?(?: supplied| name| in object|\(s\))*:? *\[?[`'"]?([a-z_][\w.[\]]*)/i,
  /unsupported value: [`'"]([\w.[\]]+)[`'"]/i,
  // Google, of the request and of its messages
  /unknown name \\?"([\w.]+)\\?"(?: at [`'"]?messages\b[^:]*)?: cannot find field/i,
  // Groq, of a message's reasoning where the model has none: "`messages[1].reasoning`: reasoning is not supported with this model"
  /\b(messages\[\d+\]\.\w+)[`'"]?: \w+ is not supported with this model/i,
  /property [`'"]([\w.]+)[`'"] is (?:unsupported|not supported)/i,
  // LiteLLM, with a list or a dictionary; xAI
  /does(?: not|n't) support (?:the )?(?:parameter|argument|field|param)s?:? *[[{]?[`'"]?([a-z_]\w*)/i,
  // Anthropic: "'claude-sonnet-4-5' does not support the `speed` parameter."
  /does(?: not|n't) support the [`'"]([a-z_][\w.]*)[`'"] (?:parameter|field)/i,
  // Bedrock, in its own words for it: "This model doesn't support the stopSequences field. Remove stopSequences and try again."
  /\bsupport the ([a-z]+(?:[A-Z]\w*|_\w+)) field\b/,
  new RegExp(`does(?: not|n't) (?:support|accept|allow) (?:the |a |setting |custom )*[\`'"]?(${common})\\b`, "i"),
  new RegExp(`\\b(${common})[\`'"]? (?:parameter|argument|field|option) (?:is|was) (?:not |un)`, "i"),
  new RegExp(
    `(?:argument|parameter|field|option)s? (?:is |are )?not (?:supported|allowed|permitted)[^:]{0,40}: *[\`'"]?(${common})\\b`,
    "i",
  ),
  /(?:parameter|argument|field|param) [`'"]?([a-z_]\w*)[`'"]? (?:is|was|are) (?:not (?:supported|allowed|permitted|recogni[sz]ed|(?:a )?valid)|unsupported|unknown|deprecated|unexpected)/i,
  // xAI, of models that its SDK knows other names for
  /argument not supported on this model: ([a-z]\w*)/i,
  // Zhipu, of a value: "max_tokens参数非法。请检查文档。"
  /\b([a-z]+(?:_[a-z]+)*) ?参数非法/i,
  // OpenAI, of names that are for its own statistics and caches
  /invalid [`'"](user|safety_identifier|prompt_cache_key)[`'"]: string too long/i,
  /\([`'"]([\w.]+)[`'"] was unexpected\)/i,
  /(?<!model:? )[`'"]([a-z_][\w.]*)[`'"]? (?:is|are|was) (?:not (?:currently )?(?:supported|allowed|permitted|accepted)|unsupported|deprecated for)/i,
  /^([a-z]+_[a-z_]+|temperature|tools|stop|seed|logprobs|user|metadata|thinking|reasoning) (?:is|are) (?:not (?:currently )?(?:supported|allowed|permitted|accepted)|unsupported)/i,
  /[`'"]temperature[`'"] and [`'"](top_p)[`'"] cannot both/i,
  // One value only; the field is as good as refused.
  /\b(temperature|top_p)[`'"]? (?:must be|can only be|may only be|should be) (?:set to |equal to |exactly )?1(?:\.0)?(?!\.?\d)(?! or\b)/i,
  /\bonly [`'"]?(temperature|top_p) ?=/i,
  // llama.cpp, whose Responses endpoint has no way to ask for the other.
  /\b(top_logprobs) requires logprobs\b/i,
  // Kimi: "invalid temperature: only 1 is allowed for this model"
  /invalid (temperature|top_p|presence_penalty|frequency_penalty|n): only /i,
];

/** Without them nothing is left of the request, or the name is a word of the sentence. */
const notFields = new Set([
  ...["messages", "model", "input", "body", "value", "content", "role", "name", "type", "json"],
  ...["the", "this", "supplied", "in", "for", "is", "s", "error", "errors"],
  // vLLM, of what it does not read from Mistral's models; what was sent is `chat_template_kwargs`.
  "chat_template",
  // Cohere: "unknown field: parameter 'strict' is not a valid field"
  "parameter",
  // Values of an effort.
  ...[...efforts, "ultra"],
  // Values of tool_choice.
  ...["required", "any", "auto", "none"],
]);
const inside = new Set(["messages", "tools", "system", "input"]);

/** Sentences that refuse a kind of tool: what the client's own wire has beside functions, and few other servers of that wire know. */
const toolKinds: readonly RegExp[] = [
  // Ollama, LM Studio; others: "Unsupported Responses tool type: 'custom'".
  /(?:unsupported|unknown|unrecogni[sz]ed|invalid) (?:[\w-]+ )?tool types?\b/i,
  /tool type [`'"]?[\w.-]+[`'"]? (?:is )?(?:not |un)(?:supported|known|recogni[sz]ed|allowed)/i,
  // llama.cpp
  /[`'"]type[`'"] of tool must be/i,
  // MiniMax
  /\bfunction name or parameters is empty\b/i,
  // Pydantic, as FastAPI writes it; its list for a union of types.
  /\btools[.[]\d+\]?(?:\.\w+)?\.type: input should be [`'"](?:function|custom)\b|\btools[.[]\d+\]?: input tag/i,
  // vLLM and SGLang, gateways in front of Claude, programs in Rust, and DeepSeek behind OpenCode Zen, of a Messages tool that has no schema.
  /\btools\.\d+\.(?:custom\.)?input_schema: field required|\btools\[\d+\]: missing field [`'"]input_schema/i,
  /\binvalid schema for function [`'"]web_search[`'"]: .{0,80}\bgot [`'"]type: null/i,
  // Anthropic, of a model: "'claude-opus-5-5' does not support tool types: computer_20251124."
  /does not support tool types?:/i,
  // DeepSeek: "tools[0].type: unknown variant `custom`, expected `function`"; of Messages: "tools[32]: unknown variant `advisor_20260301`, expected
  // `web_search_20250305` or `web_search_20260209`" (SaladDay/cc-switch-cli#468).
  /\btools\[\d+\](?:\.type)?: unknown variant\b/i,
  // Bedrock: "?[13]: Invalid 'tools': unknown variant `namespace`, expected `function` or `mcp`" (openai/codex#25034)
  /\binvalid 'tools': unknown variant\b/i,
  /input tag [`'"](?:namespace|custom|tool_search|web_search\w*|mcp)[`'"]/i,
  // OpenAI, of a search for tools that is the client's own, where Bifrost left out that it is (maximhq/bifrost#3170)
  /\bserver-executed tool_search\b/i,
  // OpenRouter: "No endpoints found that support the native `namespace` tool type."
  /support the native [`'"][\w-]+[`'"] tool type\b/i,
  // LiteLLM, which hands on OpenAI's words without the field that they are of
  /invalid value: [`'"][\w-]+[`'"]\. supported values are: [`'"]function[`'"]/i,
  // A gateway of New API's, of a tool without a schema
  /invalid type for 'tools\.\d+', expected an json object/i,
  // Anthropic, OpenAI and Azure, where an organization has no search, or may not see what it found
  /\bweb[_ ]search\w*[`'"]?(?: \w+)?(?: is| has been)? (?:not enabled|disabled)\b|\bweb_search_call\.\S+ is not enabled/i,
  // OpenAI, of a model: "Tool 'web_search_preview' is not supported with o1-pro."
  /\btool [`'"][\w-]+[`'"] is not supported\b/i,
  // vLLM, GitHub Copilot
  /\b(?:custom|namespace|hosted|server|web[_ ]search\w*) tools?\b.{0,40}(?:not |un)supported/i,
];

/** Sentences that refuse what a field is for, and need not name it. */
const purposes: readonly { readonly field: string; readonly says: Sentences }[] = [
  // TensorRT-LLM, Gitee AI and vLLM before 0.6, of "auto" too: "Currently only named tools are supported."
  {
    field: "tool_choice",
    says: [
      /\bonly named tools are supported\b/i,
      /(?:doesn't|not) support (?:this )?tool_choice/i,
      /tool_choice.{0,60}(?:not (?:be )?support|incompatible|supported string values|must either be)/i,
      /support the provided [`'"]tool_choice/i,
      /tool_choice.{0,60}(?:must be|only).{0,20}auto/i,
    ],
  },
  {
    field: "tools",
    says: /does not support (?:tools|tool calling|function calling)\b|support tool use|tool (?:use|calling) is not supported/i,
  },
  // LM Studio: "'response_format.type' must be 'json_schema' or 'text'".
  { field: "response_format.type", says: /\bresponse_format\.type\b.{0,4}must be/i },
  // Groq; Google.
  {
    field: "response_format",
    says: /\b(?:json mode|json_object|json_schema|response mime type)\b.{0,60}(?:cannot be combined with|is unsupported)/i,
  },
  // OpenAI, Pydantic, serde, of what else a reply may have in it: a server that stores nothing may not know what Codex asks for.
  {
    field: "include",
    says: /\binvalid value:? [`'"]reasoning\.encrypted_content\b|\binclude(?:\[\d+\]|\.\d+)?: (?:input should be [`'"]|unknown variant)/i,
  },
  // OpenRouter: "No endpoints available that support Anthropic's context management features (context-management-2025-06-27)."
  { field: "context_management", says: /no endpoints (?:available|found) that support .{0,20}context management/i },
  // Anthropic: "`clear_thinking_20251015` strategy requires `thinking` to be enabled".
  { field: "context_management", says: /\bclear_thinking_\d+\b.{0,30}\brequires\b/i },
  // vLLM: "chat_template is not supported for Mistral tokenizers."
  { field: "chat_template_kwargs", says: /\bchat_template is not supported\b/i },
  // DeepSeek, of what Claude Code says there.
  { field: "metadata.user_id", says: /invalid '(?:metadata\.)?user_id'/i },
  {
    field: "reasoning_effort",
    says: [
      ...neverThinks,
      ...alwaysThinks,
      // Ollama, of an effort that it does not know, and of a model whose thinking can only be switched on and off.
      /\binvalid reasoning value\b/i,
      /\bthink value\b.{0,20} is not supported/i,
      /\bthinking level is not supported/i, // Google, of a model without levels
      /\blevel "\w+" not supported, valid levels\b/i, // CLIProxyAPI: 'level "max" not supported, valid levels: low, medium, high'
      // GitHub Copilot, in OpenAI's words without the field (kaitranntt/ccs#686), which some hide (anomalyco/opencode#4451): how much to say has no
      // such values.
      /\bunsupported value: (?=.{0,200}'(?:none|minimal|xhigh|max)')(?=.{0,200}\bsupported values are: .{0,40}'(?:low|medium|high)')/i,
    ],
  },
];
