import { saysAny } from "../../wire/failure/sentences.ts";
import { itemsRefused } from "./broken-rules.ts";
import { removable } from "./fields.ts";
import { isWrittenAnew, type Lesson, type Refused } from "./lesson.ts";

/** Anthropic and Bedrock make a grammar of schemas that have to be held to. */
const grammarTooLarge: readonly RegExp[] = [
  /\btoo many (?:strict tools|optional parameters|parameters with union types)\b/i, // "Too many strict tools (21)"
  /\bcompiled grammar (?:is too large|size)\b/i,
  /\bgrammar compilation timed out\b/i,
  /\bschema is too complex\b/i, // Bedrock: "compilation exceeded limits: Schema is too complex"
];

/** What is said of functions, and tools that are none. */
export const ofTools: readonly Lesson[] = [
  {
    says: grammarTooLarge,
    when: ({ has }) => has("tools"),
    quirks: ({ quirks }) =>
      quirks.refusedFields?.includes("strict") ? undefined : { refusedFields: ["strict"], refusedMessagesFields: ["tools.strict"] },
  },
  // It was not the tools': the reply's own is asked for in words.
  { says: grammarTooLarge, when: isWrittenAnew, quirks: { replySchema: "none" } },
  { when: ({ native, field }) => native && field === "tools.type", quirks: { nativeFaults: ["tool-kinds"] } },
  // On its own wire a client's free text is no function yet.
  {
    when: (refused) => refused.sent === "own-parts" && !refused.quirks.nativeFaults?.includes("unknown-parts") && refusesHosted(refused),
    quirks: { nativeFaults: ["unknown-parts"] },
  },
  // Through the language every tool that the client runs is a function; what is refused then is one that the provider would run, or its call.
  {
    when: (refused) => !refused.native && refusesHosted(refused),
    quirks: ({ quirks }) => (quirks.hostedTools === false ? null : { hostedTools: false }),
  },
  // What the server of another model ran earlier in the session: "messages.1.content.0: Input tag 'server_tool_use' found using 'type' does not
  // match any of the expected tags"; in Rust "messages[1].content[0]: unknown variant `advisor_tool_result`".
  {
    says: /\b(?:input tag|unknown variant|(?:unsupported|unknown|unrecogni[sz]ed|invalid|unexpected) (?:[a-z]+ ){0,3}types?:?) [`'"]?(?:server_tool_use|mcp_tool_use|[a-z_]+_tool_result)\b/i,
    quirks: { hostedTools: false },
    rewrites: true,
  },
];

/** OpenAI, Azure, of what Codex says of a tool: "Unknown parameter: 'tools[0].external_web_access'." In bytes that pass it may be any field. */
const toolFieldRefused = /unknown parameter: 'tools\[\d+\]\.(?!function\b)\w+'/i;

function refusesHosted({ message, field }: Refused): boolean {
  return field === "tools.type" || saysAny(message, itemsRefused) || (toolFieldRefused.test(message) && !removable.has(field ?? ""));
}
