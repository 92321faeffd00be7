import { flatMap } from "../../model/lists.ts";
import type { Own } from "../../model/opaque.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { CacheMark, DocumentPart, MediaSource, TextPart, ToolResultPart, UserPart } from "../../model/request.ts";
import { isObject, type JsonObject } from "../json.ts";
import { ownFields } from "../own-fields.ts";

/** The API refuses empty text. */
export function writeText(part: TextPart): JsonObject[] {
  return part.text === "" ? [] : [{ type: "text", text: part.text, ...besides(part) }];
}

/** What a user said, a tool returned, or only this wire can say. */
export function writePart(part: UserPart, quirks: Quirks): JsonObject[] {
  switch (part.type) {
    case "text":
      return writeText(part);
    case "image":
      return [{ type: "image", source: writeSource(part.source), ...besides(part) }];
    case "document":
      return [writeDocument(part)];
    case "tool-result":
      return writeResult(part, quirks);
    case "opaque":
      // `tool_reference` is a deferred tool that was found. Here all tools are offered from the beginning, and not every server knows the block.
      if (part.wire === "messages" && isObject(part.value) && part.value.type !== "tool_reference") return [{ ...part.value }];
      return part.text === undefined || part.text === "" ? [] : [{ type: "text", text: part.text }];
  }
}

function writeDocument(part: DocumentPart): JsonObject {
  const { source, title, context } = part;
  return {
    type: "document",
    source: source.type === "text" ? { type: "text", media_type: "text/plain", data: source.text } : writeSource(source),
    ...(title === undefined ? {} : { title }),
    ...(context === undefined ? {} : { context }),
    ...besides(part),
  };
}

/**
 * "all content must be type 'text' if `is_error` is true", and there must be some: other content of a failed tool follows its result, as images
 * do where the server takes none in it.
 */
function writeResult(part: ToolResultPart, quirks: Quirks): JsonObject[] {
  const { id, parts, error } = part;
  const given = flatMap(parts, (part) => writePart(part, quirks));
  const isTextOnly = error || quirks.toolImages === false;
  const inside = isTextOnly ? given.filter(({ type }) => type === "text") : given;
  const beside = isTextOnly ? given.filter(({ type }) => type !== "text") : [];
  const none = beside.length > 0 ? "(see the attachment below)" : error ? "(no output)" : undefined;
  const content = inside.length === 0 ? none : plain(inside);
  const result = {
    type: "tool_result",
    tool_use_id: id,
    ...(content === undefined ? {} : { content }),
    ...(error ? { is_error: true } : {}),
    ...besides(part),
  };
  return [result, ...beside];
}

/** A string is understood by every server. */
function plain(content: readonly JsonObject[]): unknown {
  const [only, ...others] = content;
  return only?.type === "text" && Object.keys(only).length === 2 && others.length === 0 ? only.text : content;
}

function writeSource(source: MediaSource): JsonObject {
  if (source.type === "base64") return { type: "base64", media_type: source.mediaType, data: source.data };
  return source.type === "url" ? { type: "url", url: source.url } : { type: "file", file_id: source.id };
}

/** What a block has beside what it says. */
export function besides(part: { readonly cache?: CacheMark; readonly own?: Own }): JsonObject {
  return { ...marked(part.cache), ...ownFields(part, "messages") };
}

export function marked(cache: CacheMark | undefined): JsonObject {
  return cache === undefined ? {} : { cache_control: { type: "ephemeral", ...(cache.ttl === undefined ? {} : { ttl: cache.ttl }) } };
}
