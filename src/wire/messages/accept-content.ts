import { stringifyExactly } from "../../model/exact-json.ts";
import { flatMap } from "../../model/lists.ts";
import type { DocumentPart, ImagePart, MediaSource, OpaquePart, ResultPart, TextPart, UserPart } from "../../model/request.ts";
import { cached } from "../cache-mark.ts";
import { inWords, isObject, type JsonObject, objectOf, stringOf, textOf } from "../json.ts";
import { withOwn } from "../own-fields.ts";
import { type Unacceptable, unacceptableAt } from "../refuse.ts";
import { sourceOfUrl } from "../source-of-url.ts";
import { readableSource } from "../text-file.ts";
import { unknownInWords } from "../unknown-in-words.ts";
import { textOfBlock } from "./opaque-text.ts";
import { ownOfBlock } from "./own-fields.ts";
import { required, unlike } from "./required.ts";

/** Applies `accept` to each block of a message's content, with its path; a string is one text block. */
export function acceptBlocks<Part>(
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
            // SGLang takes `id` as well, and its own tests send that.
            id: required(block.tool_use_id ?? block.id, `${at}.tool_use_id`),
            parts: acceptResult(block.content, `${at}.content`),
            error: block.is_error === true,
            ...cached(block),
            ...ownOfBlock(block),
          },
        ];
      case "tool_use":
      case "thinking":
      case "redacted_thinking":
        throw unacceptableAt(at, `\`${type}\` blocks can only be in \`assistant\` messages`);
      default:
        if (opaqueInTurns.has(type) || type.endsWith("_tool_result")) return [opaquePart(block)];
        throw unknownTag(`${at}.type`, type, "'text', 'image', 'document', 'search_result', 'tool_result'");
    }
  });
}

const opaqueInTurns = new Set([
  ...["search_result", "container_upload", "compaction", "fallback", "tool_reference"],
  ...["tool_addition", "tool_removal", "server_tool_use", "mcp_tool_use", "browser_state"],
]);

/** Text, a list of blocks, one block, nothing, or any value that a tool returned. */
function acceptResult(given: unknown, path: string): readonly ResultPart[] {
  // Null is how typed clients write the content that they leave out, as on the other wires.
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
    return [opaquePart(block, unknownInWords(block, type))];
  });
}

export function textPart(block: JsonObject, path: string): TextPart[] {
  const text = required(block.text, `${path}.text`);
  // Empty text says nothing, and strict servers refuse it.
  return text === "" ? [] : [{ type: "text", text, ...cached(block), ...ownOfBlock(block) }];
}

function imagePart(block: JsonObject, path: string): ImagePart {
  return { type: "image", source: mediaSource(block.source, `${path}.source`), ...cached(block), ...ownOfBlock(block) };
}

function documentParts(block: JsonObject, path: string): (DocumentPart | ImagePart)[] {
  const title = textOf(block.title);
  const context = textOf(block.context);
  const about = { ...(title && { title }), ...(context && { context }), ...cached(block), ...ownOfBlock(block) };
  const document = (source: DocumentPart["source"]): DocumentPart => ({ type: "document", source, ...about });
  const source = objectOf(block.source);
  if (source.type === "text") return [document({ type: "text", text: stringOf(source.data) ?? "" })];
  if (source.type !== "content") return [document(readableSource(mediaSource(block.source, `${path}.source`)))];
  const inner = acceptResult(source.content, `${path}.source.content`);
  const texts = inner.filter((part) => part.type === "text").map(({ text }) => text);
  const images = inner.filter((part) => part.type === "image");
  const told = document({ type: "text", text: texts.join("\n") });
  // What is cited is cited by these blocks.
  return images.length === 0 ? [withOwn(told, "messages", { source })] : [told, ...images];
}

function mediaSource(value: unknown, path: string): MediaSource {
  if (!isObject(value)) throw unacceptableAt(path, "Field required");
  const field = (name: string) => required(value[name], `${path}.${name}`);
  switch (value.type) {
    case "base64":
      return { type: "base64", mediaType: field("media_type"), data: field("data") };
    case "url":
      // Also a data URI, as OpenAI's clients write a picture: no server would have to fetch it.
      return sourceOfUrl(field("url"));
    case "file":
      return { type: "file", id: field("file_id") };
    case undefined:
      throw unacceptableAt(`${path}.type`, "Field required");
    default:
      throw unknownTag(`${path}.type`, value.type, "'base64', 'url', 'file'");
  }
}

function unknownTag(path: string, tag: unknown, tags: string): Unacceptable {
  return unacceptableAt(path, `Input tag '${inWords(tag)}' is not one of the expected tags: ${tags}`);
}

export function opaquePart(block: JsonObject, otherwise?: string): OpaquePart {
  const text = textOfBlock(block) ?? otherwise;
  return {
    type: "opaque",
    wire: "messages",
    value: block,
    ...(text === undefined ? {} : { text }),
    ...(block.type === "compaction" ? { summary: true } : {}),
  };
}
