import { stringifyExactly } from "../../model/exact-json.ts";
import { flatMap } from "../../model/lists.ts";
import type {
  AssistantPart,
  DocumentPart,
  ImagePart,
  MediaSource,
  OpaquePart,
  ResultPart,
  TextPart,
  ToolCallPart,
  UserPart,
} from "../../model/request.ts";
import { cached } from "../cache-mark.ts";
import { inWords, isObject, type JsonObject, objectOf, stringOf } from "../json.ts";
import { unacceptableAt } from "../refuse.ts";
import { textOfFile } from "../text-file.ts";
import { textOfBlock } from "./opaque-text.ts";
import { required, unlike } from "./required.ts";
import { sealOfRedacted, sealOfSignature } from "./seal.ts";

/** Applies `accept` to each block of a message's content, with its path; a string is one text block. */
function acceptBlocks<Part>(
  content: unknown,
  path: string,
  accept: (block: JsonObject, path: string, type: string) => readonly Part[],
): readonly Part[] {
  if (typeof content === "string") return accept({ type: "text", text: content }, path, "text");
  if (!Array.isArray(content)) throw unlike(path, content, "a valid string or list");
  return flatMap(content, (block, index) => {
    const at = `${path}.${index}`;
    if (!isObject(block)) throw unacceptableAt(at, "Input should be a valid dictionary");
    return accept(block, at, required(block.type, `${at}.type`));
  });
}

/** Instructions are text only. A system turn inside the conversation may also have other blocks, of which only the text is kept. */
export function acceptSystem(content: unknown, path: string, inside = false): readonly TextPart[] {
  return acceptBlocks(content ?? [], path, (block, at, type) => {
    if (type === "text") return textPart(block, at);
    if (inside && opaqueInTurns.has(type)) return textPart({ ...block, text: textOfBlock(block) ?? "" }, at);
    throw unacceptableAt(`${at}.type`, "Input should be 'text'");
  });
}

export function acceptUserContent(content: unknown, path: string): readonly UserPart[] {
  return acceptBlocks<UserPart>(content, path, (block, at, type) => {
    switch (type) {
      case "text":
        return textPart(block, at);
      case "image":
        return [imagePart(block, at)];
      case "document":
        return documentParts(block, at);
      case "tool_result":
        return [
          {
            type: "tool-result",
            id: required(block.tool_use_id, `${at}.tool_use_id`),
            parts: acceptResult(block.content, `${at}.content`),
            error: block.is_error === true,
            ...cached(block),
          },
        ];
      case "tool_use":
      case "thinking":
      case "redacted_thinking":
        throw unacceptableAt(at, `\`${type}\` blocks can only be in \`assistant\` messages`);
      default:
        if (opaqueInTurns.has(type) || type.endsWith("_tool_result")) return [opaquePart(block)];
        throw unacceptableAt(
          `${at}.type`,
          `Input tag '${type}' is not one of the expected tags: 'text', 'image', 'document', 'search_result', 'tool_result'`,
        );
    }
  });
}

const opaqueInTurns = new Set([
  "search_result",
  "container_upload",
  "compaction",
  "fallback",
  "tool_reference",
  "tool_addition",
  "tool_removal",
  "server_tool_use",
  "mcp_tool_use",
  "browser_state",
]);

export function acceptAssistantContent(content: unknown, path: string): readonly AssistantPart[] {
  return acceptBlocks<AssistantPart>(content, path, (block, at, type) => {
    switch (type) {
      case "text":
        return textPart(block, at);
      case "thinking": {
        const seal = sealOfSignature(block.signature);
        const text = stringOf(block.thinking) ?? "";
        return text === "" && seal === undefined ? [] : [{ type: "thinking", text, ...(seal && { seal }) }];
      }
      case "redacted_thinking":
        return [{ type: "thinking", text: "", seal: sealOfRedacted(block.data) }];
      case "tool_use":
        return [toolCall(block, at)];
      case "tool_result":
        throw unacceptableAt(at, "`tool_result` blocks can only be in `user` messages");
      default:
        // Whatever else an earlier reply had is kept: the client sends back what it was given.
        return [opaquePart(block)];
    }
  });
}

/** Text, a list of blocks, one block, null, nothing, or any value that a tool returned. */
function acceptResult(given: unknown, path: string): readonly ResultPart[] {
  if (given === undefined || given === null || given === "") return [];
  // A picture that stands in no list would be read to the model as base64.
  const content = isObject(given) && given.type === "image" && isObject(given.source) ? [given] : given;
  const isContent =
    typeof content === "string" || (Array.isArray(content) && content.every((block) => typeof objectOf(block).type === "string"));
  if (!isContent) return [{ type: "text", text: stringifyExactly(content) }];
  return acceptBlocks<ResultPart>(content, path, (block, at, type) => {
    if (type === "text") return textPart(block, at);
    if (type === "image") return [imagePart(block, at)];
    if (type === "document") return documentParts(block, at);
    // A block of a type that is not known here is at least mentioned.
    return [opaquePart(block, `[${type} omitted]`)];
  });
}

function textPart(block: JsonObject, path: string): TextPart[] {
  const text = required(block.text, `${path}.text`);
  // Empty text says nothing, and strict servers refuse it.
  return text === "" ? [] : [{ type: "text", text, ...cached(block) }];
}

function toolCall(block: JsonObject, path: string): ToolCallPart {
  return {
    type: "tool-call",
    id: required(block.id, `${path}.id`),
    name: required(block.name, `${path}.name`),
    arguments: typeof block.input === "string" ? block.input : stringifyExactly(block.input ?? {}),
  };
}

function imagePart(block: JsonObject, path: string): ImagePart {
  return { type: "image", source: mediaSource(block.source, `${path}.source`), ...cached(block) };
}

function documentParts(block: JsonObject, path: string): (DocumentPart | ImagePart)[] {
  const title = stringOf(block.title);
  const context = stringOf(block.context);
  const about = { ...(title ? { title } : {}), ...(context ? { context } : {}), ...cached(block) };
  const source = objectOf(block.source);
  const data = stringOf(source.data) ?? "";
  const text = source.type === "text" ? data : source.type === "base64" ? textOfFile(stringOf(source.media_type) ?? "", data) : undefined;
  if (text !== undefined) return [{ type: "document", source: { type: "text", text }, ...about }];
  if (source.type === "content") {
    const inner = acceptResult(source.content, `${path}.source.content`);
    const text = inner.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
    return [{ type: "document", source: { type: "text", text }, ...about }, ...inner.filter((part) => part.type === "image")];
  }
  return [{ type: "document", source: mediaSource(block.source, `${path}.source`), ...about }];
}

function mediaSource(value: unknown, path: string): MediaSource {
  if (!isObject(value)) throw unacceptableAt(path, "Field required");
  if (value.type === "base64") {
    return {
      type: "base64",
      mediaType: required(value.media_type, `${path}.media_type`),
      data: required(value.data, `${path}.data`),
    };
  }
  if (value.type === "url") return { type: "url", url: required(value.url, `${path}.url`) };
  if (value.type === "file") return { type: "file", id: required(value.file_id, `${path}.file_id`) };
  const expected = "is not one of the expected tags: 'base64', 'url', 'file'";
  throw unacceptableAt(`${path}.type`, value.type === undefined ? "Field required" : `Input tag '${inWords(value.type)}' ${expected}`);
}

function opaquePart(block: JsonObject, otherwise?: string): OpaquePart {
  const text = textOfBlock(block) ?? otherwise;
  return {
    type: "opaque",
    wire: "messages",
    value: block,
    ...(text === undefined ? {} : { text }),
    ...(block.type === "compaction" ? { summary: true } : {}),
  };
}
