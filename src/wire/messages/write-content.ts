import { flatMap } from "../../model/lists.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { CacheMark, DocumentPart, MediaSource, TextPart, ToolResultPart, UserPart } from "../../model/request.ts";
import { isObject, type JsonObject } from "../json.ts";

/** The API refuses empty text. */
export function writeText({ text, cache }: TextPart): JsonObject[] {
  return text === "" ? [] : [{ type: "text", text, ...marked(cache) }];
}

/** What a user said, a tool returned, or only this wire can say. */
export function writePart(part: UserPart, quirks: Quirks): JsonObject[] {
  switch (part.type) {
    case "text":
      return writeText(part);
    case "image":
      return [{ type: "image", source: writeSource(part.source), ...marked(part.cache) }];
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

function writeDocument({ source, title, context, cache }: DocumentPart): JsonObject {
  return {
    type: "document",
    source: source.type === "text" ? { type: "text", media_type: "text/plain", data: source.text } : writeSource(source),
    ...(title === undefined ? {} : { title }),
    ...(context === undefined ? {} : { context }),
    ...marked(cache),
  };
}

/**
 * "all content must be type 'text' if `is_error` is true", and there must be some: other content of a failed tool follows its result, as images
 * do where the server takes none in it.
 */
function writeResult({ id, parts, error, cache }: ToolResultPart, quirks: Quirks): JsonObject[] {
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
    ...marked(cache),
  };
  return [result, ...beside];
}

/** A string is understood by every server. */
function plain(content: readonly JsonObject[]): unknown {
  const [only, ...others] = content;
  return only?.type === "text" && only.cache_control === undefined && others.length === 0 ? only.text : content;
}

function writeSource(source: MediaSource): JsonObject {
  if (source.type === "base64") return { type: "base64", media_type: source.mediaType, data: source.data };
  return source.type === "url" ? { type: "url", url: source.url } : { type: "file", file_id: source.id };
}

export function marked(cache: CacheMark | undefined): JsonObject {
  return cache === undefined ? {} : { cache_control: { type: "ephemeral", ...(cache.ttl === undefined ? {} : { ttl: cache.ttl }) } };
}
