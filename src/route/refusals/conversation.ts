import { encryptedRefused } from "../../wire/failure/refused-capability.ts";
import { brokenRules, contentRules, invalidInput, invalidRequest, nullContent, unknownRules } from "./broken-rules.ts";
import { isWrittenAnew, type Lesson, type Refused } from "./lesson.ts";
import { ofToolForms } from "./tool-forms.ts";

/** Anthropic: "messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'"; Bedrock, of a `toolUseId`. */
export const toolIdsRefused = /\btool_?(?:use|result)\S*id\b.{0,160}\bpattern\b|\binvalid tool_?use[_. ]?id\b/is;

/** Of a content that is null: OpenAI's API allows it beside calls, and some servers do not. */
const nullRefused: readonly RegExp[] = [
  /\bNoneType\b/i, // Templates, in the words of Python
  nullContent,
  /\bcontent\b:?\s{0,4}none is not an allowed value/i, // Pydantic 1 (hiyouga/LlamaFactory#2644)
  /\bcontent\S*(?::| -) input should be a valid string/i, // Pydantic 2; grok2api puts a dash there (TQZHR/grok2api#41)
  /\bcontent[`'"]?(?: field)? (?:to be|must be) a string\b/i, // llama.cpp, once; LM Studio, once; TGI: "`content` must be a string"
  /\bmissing field `content`/i, // serde: "messages[1]: missing field `content`"
  // Workers AI has two for it: "Type mismatch of '/messages/1/content', 'null' not in 'string'", "required properties at '/messages/1' are 'role,content'".
  /'null' not in 'string'|\brequired properties at '\/messages\/\d+' are 'role,content'/i,
  // Zod: 'expected string, received null at "params.messages[3].content"' (peach0x33a/cmdcode2api#7).
  /\bexpected string, received null\b.{0,40}\bcontent\b/i,
];

const onResponses = ({ wire }: Refused) => wire === "responses";

/**
 * What a server's template or API says of a conversation's form, and the quirk that it thereby confesses: a server that a configuration
 * describes by its address alone has no row that would know. The next request is written by it.
 */
const confessions: readonly Lesson[] = [
  // Of what only OpenAI knows.
  {
    says: [
      /unknown variant [`'"]developer/i, // DeepSeek
      /\bdeveloper is not one of\b/i, // DashScope: "developer is not one of ['system', 'assistant', 'user', 'tool', 'function']"
      /\breceived 'developer'/i, // Vercel: "Expected 'system' | 'user' | 'assistant' | 'tool', received 'developer'"
      /\bexpected one of (?:"\w+"\|){0,9}"system"/i, // Zod 4 of the same: 'expected one of "user"|"assistant"|"system"'
      /developer['"`]? role/i,
      /\brole:? developer\b/i,
      /invalid value: 'developer'/i,
      /unexpected message role\./i,
      /角色信息不正确|\bincorrect role information\b/i, // Zhipu
      /role[^.]{0,40}['"`]developer['"`]/i,
    ],
    quirks: { systemRole: "system" },
  },
  // Templates of Gemma 2 and the first Mistral; Google, of Gemma: "Developer instruction is not enabled for models/gemma-3-27b-it".
  {
    says: /system role not supported|only user,? (?:and )?assistant\b.{0,20}roles are supported|developer instruction is not enabled/i,
    quirks: { systemRole: "user", systemAnywhere: false },
  },
  // Claude since 4.6: "This model does not support assistant message prefill. The conversation must end with a user message."; before, beside tools
  // or a schema: "... which would pre-fill the `assistant` response." A client of its own wire knows what that says.
  {
    says: /support assistant message prefill|which would pre-fill the/i,
    when: ({ native, client }) => !native || client !== "messages",
    quirks: { prefill: "refuse" },
  },
  {
    says: [
      /prefill is (?:incompatible|not supported)/i, // llama.cpp with thinking
      // vLLM with Mistral's tokenizer: "Cannot set `add_generation_prompt` to True when the last message is from the assistant."
      /\badd_generation_prompt\b.{0,40} last message is from the assistant/i,
      /requests end with a user role/i, // Gemini: "Please ensure that multiturn requests end with a user role or a function response."
      /last message must have role/i, // Perplexity: "Last message must have role `user`."
      // DeepSeek: "The last message of deepseek-reasoner must be a user message, or an assistant message with prefix mode on".
      /last message of \S{1,60} must be a user/i,
    ],
    quirks: { prefill: "refuse" },
  },
  // Mistral: "Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant".
  { says: /assistant with prefix true/i, quirks: { prefill: "prefix", echoesPrefill: true } },
  // Mistral, and vLLM with its tokenizer.
  { says: /tool call id .{0,120}length of 9\b/is, quirks: { toolIds: "nine-letters" } },
  // Anthropic, of ids that another model counts anew in each reply: "`tool_use` ids must be unique"; Kimi, of those of one: "tool call id grep:3 is
  // duplicated"; MiniMax: "invalid params, duplicate tool_call id: call_function_z04wc0l3m1gk_1 (2013)".
  { says: /\btool_use[`'"]? ids must be unique|tool call id \S+ is duplicated|\bduplicate tool_call id\b/i, quirks: { toolIds: "safe" } },
  // In bytes the ids alone are replaced.
  { says: toolIdsRefused, when: isWrittenAnew, quirks: { toolIds: "safe" } },
  // OpenAI: "Invalid 'messages[1].tool_calls[0].id': string too long. Expected a string with maximum length 40".
  { says: /(?:tool_calls\S*id|call_id)\b.{0,60}(?:too long|maximum length)/is, quirks: { toolIds: "short" } },
  // Templates of Gemma, Mistral and Llama 2; Perplexity; Bedrock. To those that know tools, calls and their results count as no turn.
  {
    says: /roles must alternate|conversation must alternate|multiturn requests alternate|after the optional system message.{0,40}alternate|should alternate with assistant/i,
    quirks: { assistantAfterTool: true, strictAlternation: true },
  },
  // Bedrock, where Anthropic itself takes one of the assistant's; DeepSeek's R1: "deepseek-reasoner does not support successive user or assistant
  // messages", "The first message (except the system message) of deepseek-reasoner must be a user message".
  {
    says: /first message must use the [`'"]?user|conversation must start with a user message|support successive user or assistant|first message \(except the system message\)/i,
    quirks: { strictAlternation: true },
  },
  // Mistral; Bedrock: "Conversation blocks and tool result blocks cannot be provided in the same turn."
  {
    says: /unexpected role ['"`]?user['"`]? after role ['"`]?tool|conversation blocks and tool result blocks/i,
    quirks: { assistantAfterTool: true, strictAlternation: true },
  },
  // ChatGPT's backend for Codex, and gateways before it: '{"detail":"Instructions are required"}', of a request whose system prompt stands among
  // the items, or that has none, as some side calls of Claude Code's (Wei-Shaw/sub2api#2257, EasyMetaAu/helm-api#310).
  {
    says: /\binstructions are required\b|\bmissing required (?:field|parameter): [`'"]?instructions\b/i,
    when: onResponses,
    quirks: { needsInstructions: true },
  },
  // An assistant turn that only calls, whose content is null.
  { says: nullRefused, quirks: { wordlessCalls: "empty" } },
  // Gemini, which knows a result by its tool's name: "GenerateContentRequest.contents[2].parts[0].function_response.name: Name cannot be empty."
  // (FoundationAgents/OpenManus#824, NousResearch/hermes-agent#19728); gcli2api: "Tool message must have a 'name' field." (su-kaka/gcli2api#200).
  { says: /\bfunction_response\.name: .{0,20}name cannot be empty|\btool message must have a 'name'/i, quirks: { namedResults: true } },
  // Templates of Llama 3: "This model only supports single tool-calls at once!"; Databricks, of a history: "Multiple tool calls are not supported."
  // (BerriAI/litellm#31633).
  { says: /only supports single tool-calls|\bmultiple tool calls are not supported\b/i, quirks: { singleCalls: true } },
  // DeepSeek's Responses, which end a message's calls at the next message: "No tool output found for tool call call_1."
  { says: /no tool output found for tool call/i, quirks: { callsLast: true } },
];

/** OpenAI's Responses. Only a request that asks for so little has to be written anew. */
const leastOutput: Lesson = {
  says: /max_output_tokens['"`]?: integer below minimum value\. expected a value >= 16\b/i,
  quirks: { minOutput: 16 },
};

/**
 * Portkey's gateway, of a model of Anthropic's: it hands on that "max_tokens: Field required", and Codex names no limit. As much as the Messages
 * wire asks for; a model that writes less says so, and is asked again.
 */
const namedOutput: Lesson = {
  says: /\bmax_tokens['"`]?:? (?:field|is) required\b/i,
  when: ({ wire }) => wire === "chat",
  quirks: { defaultOutput: 32_000 },
};

/** In bytes of the Messages wire only what means nothing is left out; where the server still refuses them, the rest is written by its rules too. */
const ofContent: Lesson = {
  says: contentRules,
  when: ({ native, client, quirks }) => native && client === "messages" && quirks.nativeFaults?.includes("content-rules") !== true,
  quirks: { nativeFaults: ["content-rules"] },
};

/** What the assistant said or thought, without what only a reply has. */
const ofReplays: Lesson = {
  says: [
    /\brequired property '(?:annotations|id|status)' is missing/i, // Azure's Foundry (BerriAI/litellm#35213, aaif-goose/goose#11263)
    /\bprovided data does not match the expected schema\b/i, // The same, of reasoning without an id (anomalyco/opencode#49574)
    /\bEasyInputMessageParam\b/i, // vLLM, which names each kind that an item is not (openai/codex#12669)
    /\bResponseOutputMessage' was missing required propert/i, // .NET: "JSON deserialization for type ..." (anomalyco/opencode#42613)
    /\bfailed to parse JSON for \/v1\/responses$/i, // Envoy's gateway (envoyproxy/ai-gateway#1881)
    /\buntagged enum InputParam\b/i, // Dynamo (ai-dynamo/dynamo#6599)
  ],
  when: onResponses,
  quirks: { outputMessages: true },
  rewrites: true,
};

/** A rule that bytes broke, and the form that a template or an API asks for. */
export const ofForm: readonly Lesson[] = [
  ofReplays,
  // What is written here keeps all of them already.
  { says: brokenRules, quirks: {}, rewrites: true },
  { says: unknownRules, when: ({ native }) => native, quirks: { nativeFaults: ["unknown-parts"] }, rewrites: true },
  // OpenRouter, which asks for the id and the status too (CherryHQ/cherry-studio#10477).
  { says: [invalidRequest, invalidInput], when: onResponses, quirks: { outputMessages: true } },
  ...[...confessions, ...ofToolForms].map((confession): Lesson => ({ ...confession, rewrites: true })),
  leastOutput,
  namedOutput,
];

export const ofConversation: readonly Lesson[] = [
  ofContent,
  ...ofForm,
  {
    when: ({ native, capability, quirks }) => !native && capability === "mid_conv_system" && quirks.systemAnywhere === true,
    quirks: { systemAnywhere: false },
  },
  // OpenAI, DeepSeek: '... is not a "regex"'. What each reads as a pattern is only known as far as it was seen; from now on none is sent.
  {
    says: /\binvalid schema for (?:function|tool)\b.*(?:not a ['"]regex\b|['"]pattern['"](?:: ?['"]| is not\b))/is,
    when: isWrittenAnew,
    quirks: { toolSchema: "boundless" },
  },
  // Sealed for another key's organisation. In bytes that pass it is taken out by itself.
  { says: encryptedRefused, when: isWrittenAnew, quirks: { refusedFields: ["encrypted_content"] } },
  // The id that reasoning has there is looked for among what is stored.
  {
    says: /\bitem with id ['"`]rs_\w+['"`] not found/i,
    when: ({ native, quirks }) => !native && quirks.outputMessages === true,
    quirks: { refusedFields: ["encrypted_content"] },
  },
  // Azure, OpenAI: "Invalid 'tools[1].function.description': string too long. Expected a string with maximum length 1024, but got ...".
  {
    quirks: ({ message }) => {
      const most = /\btools\b\S*\bdescription\b.{0,80}\bmaximum length (\d+)/is.exec(message)?.[1];
      return most === undefined ? undefined : { toolDescriptionLength: Number(most) };
    },
  },
];
