import { parseExactly } from "../../model/exact-json.ts";
import { append, flatMap } from "../../model/lists.ts";
import type { Quirks } from "../../model/quirks.ts";
import type {
  AssistantPart,
  AssistantTurn,
  CacheMark,
  MediaSource,
  ResultPart,
  TextPart,
  ToolResultPart,
  Turn,
  UserPart,
} from "../../model/request.ts";
import type { OpenContext } from "../../model/wire.ts";
import { argumentsInHistory } from "../arguments-in-history.ts";
import { isObject, type JsonObject } from "../json.ts";
import { redactedOf } from "./seal.ts";

export interface Message {
  readonly role: "user" | "assistant" | "system";
  readonly content: readonly JsonObject[];
}

/**
 * Writes turns as messages. Neighbours of one role become one message, as the API itself would merge them, and in a user message tool results
 * come first, as it demands. `thinks`: reasoning is not switched off.
 */
export function writeTurns(turns: readonly Turn[], { maker, quirks }: OpenContext, thinks: boolean): Message[] {
  const messages: { role: Message["role"]; content: JsonObject[] }[] = [];
  for (const turn of turns) {
    const content =
      turn.role === "assistant" ? writeAssistant(turn, maker, thinks ? quirks : {}) : contentOf(turn, quirks.toolImages !== false);
    if (content.length === 0) continue;
    const last = messages.at(-1);
    if (last?.role === turn.role) append(last.content, content);
    else messages.push({ role: turn.role, content: [...content] });
  }
  const last = messages.at(-1);
  if (last?.role === "assistant") last.content = withoutTrailingSpace(last.content);
  return messages
    .filter(({ content }) => content.length > 0)
    .map(({ role, content }) => ({ role, content: role === "user" ? resultsFirst(content) : content }));
}

/** "final assistant content cannot end with trailing whitespace": for a prefill, the beginning of a reply that a client gives. */
function withoutTrailingSpace(content: JsonObject[]): JsonObject[] {
  const last = content.at(-1);
  if (last?.type !== "text" || typeof last.text !== "string") return content;
  const text = last.text.trimEnd();
  return [...content.slice(0, -1), ...(text === "" ? [] : [{ ...last, text }])];
}

function resultsFirst(content: readonly JsonObject[]): JsonObject[] {
  return [...content.filter(({ type }) => type === "tool_result"), ...content.filter(({ type }) => type !== "tool_result")];
}

function contentOf(turn: Exclude<Turn, AssistantTurn>, toolImages: boolean): readonly JsonObject[] {
  if (turn.role === "system") return flatMap(turn.parts, writeText);
  return flatMap(turn.parts, (part) => writeUserPart(part, toolImages));
}

/**
 * DeepSeek and Kimi demand reasoning in a turn, but accept it without a signature, and empty: "The `content[].thinking` in the thinking mode must
 * be passed back to the API."
 */
function writeAssistant({ parts }: AssistantTurn, maker: string, { reasoningTurns, noReasoning = "" }: Quirks): readonly JsonObject[] {
  const carries = reasoningTurns === "all" || (reasoningTurns === "calls" && parts.some(({ type }) => type === "tool-call"));
  const content = flatMap(parts, (part) => writeAssistantPart(part, maker, carries));
  const lacks = carries && content.length > 0 && !content.some(({ type }) => type === "thinking");
  return lacks ? [unsigned(noReasoning), ...content] : content;
}

const unsigned = (thinking: string): JsonObject => ({ type: "thinking", thinking, signature: "" });

/** The API refuses empty text. */
export function writeText({ text, cache }: TextPart): JsonObject[] {
  return text === "" ? [] : [{ type: "text", text, ...marked(cache) }];
}

function writeUserPart(part: UserPart, toolImages: boolean): JsonObject[] {
  return part.type === "tool-result" ? writeResult(part, toolImages) : writeResultPart(part);
}

/** "all content must be type 'text' if `is_error` is true", and there must be some: other content of a failed tool follows its result. */
function writeResult({ id, parts, error, cache }: ToolResultPart, toolImages: boolean): JsonObject[] {
  const given = flatMap(parts, writeResultPart);
  const beside = error || !toolImages ? given.filter(({ type }) => type !== "text") : [];
  const said = beside.length === 0 ? given : given.filter(({ type }) => type === "text");
  const none: JsonObject = { type: "text", text: beside.length === 0 ? "(no output)" : "(see the attachment below)" };
  const content = (error || beside.length > 0) && said.length === 0 ? [none] : said;
  const only = content[0];
  // A string is understood by every server.
  const plain = content.length === 1 && only?.type === "text" && only.cache_control === undefined ? only.text : content;
  const result = {
    type: "tool_result",
    tool_use_id: id,
    ...(content.length === 0 ? {} : { content: plain }),
    ...(error ? { is_error: true } : {}),
    ...marked(cache),
  };
  return [result, ...beside];
}

function writeResultPart(part: ResultPart): JsonObject[] {
  switch (part.type) {
    case "text":
      return writeText(part);
    case "image":
      return [{ type: "image", source: writeSource(part.source), ...marked(part.cache) }];
    case "document": {
      const { title, context, cache } = part;
      const source =
        part.source.type === "text" ? { type: "text", media_type: "text/plain", data: part.source.text } : writeSource(part.source);
      return [
        {
          type: "document",
          source,
          ...(title === undefined ? {} : { title }),
          ...(context === undefined ? {} : { context }),
          ...marked(cache),
        },
      ];
    }
    case "opaque":
      // `tool_reference` is a deferred tool that was found. Here all tools are offered from the beginning, and not every server knows the block.
      if (part.wire === "messages" && isObject(part.value) && part.value.type !== "tool_reference") return [{ ...part.value }];
      return part.text === undefined || part.text === "" ? [] : [{ type: "text", text: part.text }];
  }
}

function writeAssistantPart(part: AssistantPart, maker: string, carries: boolean): JsonObject[] {
  switch (part.type) {
    case "text":
      return writeText(part);
    case "thinking": {
      const { seal, text } = part;
      // A signature is valid only for the model that made it, and reasoning without one is refused, except where a turn must carry it.
      if (seal?.wire !== "messages" || (seal.maker !== undefined && seal.maker !== maker))
        return carries && text !== "" ? [unsigned(text)] : [];
      const data = redactedOf(seal);
      // Redacted thinking, which only Claude can read.
      if (data !== undefined && carries) return [];
      return [data === undefined ? { type: "thinking", thinking: text, signature: seal.value } : { type: "redacted_thinking", data }];
    }
    case "tool-call":
      return [{ type: "tool_use", id: part.id, name: part.name, input: parseExactly(argumentsInHistory(part.arguments)) }];
    case "opaque":
      return writeResultPart(part);
  }
}

function writeSource(source: MediaSource): JsonObject {
  if (source.type === "base64") return { type: "base64", media_type: source.mediaType, data: source.data };
  return source.type === "url" ? { type: "url", url: source.url } : { type: "file", file_id: source.id };
}

export function marked(cache: CacheMark | undefined): JsonObject {
  return cache === undefined ? {} : { cache_control: { type: "ephemeral", ...(cache.ttl === undefined ? {} : { ttl: cache.ttl }) } };
}
