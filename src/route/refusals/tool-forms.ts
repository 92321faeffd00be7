import { isWrittenAnew, type Lesson } from "./lesson.ts";

const json = /json mode|response[_ ](?:format|mime type)|structured outputs?|json_schema/.source;
const calls = /\b(?:tools?|function[ _-]call(?:s|ing)?)\b/.source;
const together = /combined|together|at the same time|incompatible|\bboth\b|\bwith (?:a response|tools?\b|function)/.source;
/** A schema for the reply and tools, of which the server takes one only; in one sentence, in any order. */
export const refusedBesideTools = new RegExp(`^(?=[^]*(?:${json}))(?=[^]*${calls})[^]*(?:${together})`, "i");

/** What a server says of the form of tools, their choice, calls and results, and the quirk that it thereby confesses. */
export const ofToolForms: readonly Lesson[] = [
  // LiteLLM before Bedrock: "Bedrock doesn't support tool calling without `tools=` param specified."
  { says: /without [`'"]?tools=|blocks must define tools|toolConfig field must be defined/i, quirks: { toolsForHistory: true } },
  // Groq: "json mode cannot be combined with tool/function calling"; Gemini 2.5: "Function calling with a response mime type:
  // 'application/json' is unsupported"; Fireworks: "... response format and function call at the same time". Of bytes only a request with both
  // is written anew.
  { says: refusedBesideTools, when: isWrittenAnew, quirks: { schemaBesideTools: false } },
  // LM Studio: "Invalid tool_choice type: 'object'. Supported string values: none, auto, required".
  { says: /tool_choice\b.{0,60}\bsupported string values\b.{0,40}\brequired\b/i, quirks: { forcedTools: "required" } },
  // Cerebras: "Unsupported tool_choice: type='function' ... Expected 'auto' or 'none'."; Pydantic: "body.tool_choice: Input should be 'none' or 'auto'".
  {
    says: /tool_choice\b.{0,120}\b(?:expected|input should be) ['"`](?:auto['"`] or ['"`]none|none['"`] or ['"`]auto)/i,
    quirks: { forcedTools: "auto" },
  },
  // Claude Fable 5: "tool_choice forces tool use is not compatible with this model" (browserbase/stagehand#2221).
  { says: /\btool_choice forces tool use is not compatible\b/i, quirks: { forcedTools: "auto" } },
  // Anthropic, of what the other wires allow together: "Thinking may not be enabled when tool_choice forces tool use."
  {
    says: /\bthinking may not be enabled when tool_choice forces\b/i,
    when: isWrittenAnew,
    quirks: ({ quirks }) => (quirks.refusedWhileThinking?.includes("tool_choice") ? undefined : { refusedWhileThinking: ["tool_choice"] }),
  },
  // gpt-oss's template, of a call with words and thoughts before it.
  { says: /cannot pass both content and thinking/i, quirks: { reasoningTurns: "either" } },
  // Gemini behind another's gateway.
  { says: /missing a `?thought_signature/i, quirks: { thoughtSignatures: true, toolSchema: "gemini" } },
  {
    says: [
      /unknown name \\?"[^"]{1,60}" at [`'"]?tools?\b/i,
      /\bfunction_declarations\[\d+\]\.(?:name|parameters)\b/i,
      // Vertex: "... because `Read` functionDeclaration `parameters.x` schema didn't specify the schema type field."
      /\bfunction(?:declaration|\b).{0,80}\b(?:specify the schema type|alongside any_of)/i,
      /\bnot defined in the schema properties\b/i,
    ],
    quirks: { toolSchema: "gemini" },
  },
  // What makes a grammar of all tools.
  {
    says: [
      // llama.cpp, and LM Studio in front of it: "Failed to initialize samplers: failed to parse grammar", "Failed to process regex", "JSON schema conversion
      // failed: Pattern must start with '^' and end with '$'".
      /failed to (?:parse grammar|process regex)|json schema conversion failed/i,
      // vLLM: "The provided JSON schema contains features not supported by xgrammar.", "Grammar error: Unimplemented keys: [...]".
      /not supported by xgrammar|\bunimplemented keys\b/i,
      /unsupported json schema fields/i, // Cerebras: "Unsupported JSON schema fields: {'pattern'}"
    ],
    quirks: { toolSchema: "boundless" },
  },
  // Anthropic: "tools.14.custom.input_schema.properties: Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'".
  { says: /\bproperty keys should match pattern\b/i, quirks: { propertyNames: "safe" } },
  // A picture that a tool gave.
  {
    says: [
      /only text tool_result blocks/i, // LM Studio's Messages
      /^invalid type for 'input'/i, // Its Responses, which say no more than "Invalid type for 'input'."
      /output of tool call should be 'input text'/i, // llama.cpp's Responses
      /\binput[.[]\d+\]?\.output\b.{0,5}expected a string/i, // Gateways: "Invalid value for 'input.32.output': expected a string, but got an array"
      /^input should be a valid string \(ref:/i, // Ollama Cloud's Messages: "Input should be a valid string (ref: ...)" (ollama/ollama#18055)
      // OpenAI's Chat: "Image URLs are only allowed for messages with role 'user', but this message with role 'tool' contains an image URL."
      // (OpenHands/OpenHands#7700)
      /\bonly allowed for messages with role '?user\b.{0,40}\brole '?tool\b/i,
    ],
    quirks: { toolImages: false },
  },
  {
    says: [
      /input_schema: json schema is invalid/i, // Anthropic, of an MCP server's older schema, in which a tuple is a list of `items`
      // Fireworks, of branches without a type: "JSON Schema not supported: could not understand the instance `{'required': ['criteria']}`."
      /json schema not supported: could not understand/i,
      // Kimi: "tools.function.parameters is not a valid moonshot flavored json schema, details: ...", "function name is invalid, must start with a letter ...".
      /\bmoonshot flavored json schema\b|function name is invalid, must start with a letter/i,
    ],
    quirks: { toolSchema: "moonshot" },
  },
];
