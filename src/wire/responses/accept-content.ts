import { stringifyExactly } from "../../model/exact-json.ts";
import { type DocumentPart, type ImagePart, imageDetails, type MediaSource, type ResultPart, type TextPart } from "../../model/request.ts";
import { cached } from "../cache-mark.ts";
import { inWords, isObject, type JsonObject, objectOf, parseJson, textOf } from "../json.ts";
import { ownOf, withOwn } from "../own-fields.ts";
import { unacceptableAt } from "../refuse.ts";
import { sourceOfFileData, sourceOfUrl } from "../source-of-url.ts";
import { readableSource } from "../text-file.ts";
import { unknownInWords } from "../unknown-in-words.ts";

type ContentPart = TextPart | ImagePart | DocumentPart;

const textTypes = new Set<unknown>(["input_text", "output_text", "text", "summary_text", "reasoning_text", "refusal", undefined]);
const imageTypes = new Set<unknown>(["input_image", "image_url", "computer_screenshot", "output_image"]);

/** The fields of the parts of content; the tokens of a text say nothing to the model that wrote them. */
const common = new Set([
  ...["type", "text", "refusal", "logprobs", "cache_control", "prompt_cache_breakpoint"],
  ...["image_url", "detail", "file_id", "file_url", "file_data", "filename"],
]);

/** `content` of a message, or `output` of a tool in its array form. Strings and arrays, and parts of every type that a client has been seen to send. */
export function acceptContent(content: unknown, path: string): ContentPart[] {
  if (content === undefined || content === null) return [];
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  const list: readonly unknown[] = Array.isArray(content) ? content : [content];
  return list.map((part, index) => contentPart(part) ?? refusePart(part, `${path}[${index}]`));
}

/** Undefined where it is none. */
function contentPart(part: unknown): ContentPart | undefined {
  if (typeof part === "string") return { type: "text", text: part };
  if (!isObject(part)) return undefined;
  if (textTypes.has(part.type)) {
    const text = part.text ?? part.refusal;
    if (typeof text !== "string") return undefined;
    const said: TextPart = { type: "text", text, ...cached(part), ...ownOf("responses", part, common) };
    return part.type === "refusal" ? withOwn(said, "responses", { type: part.type }) : said;
  }
  if (imageTypes.has(part.type)) return acceptImage(part);
  // The form of the Model Context Protocol.
  if (part.type === "image" && typeof part.data === "string") {
    return { type: "image", source: { type: "base64", mediaType: textOf(part.mimeType) ?? "image/png", data: part.data } };
  }
  return part.type === "input_file" ? acceptFile(part) : undefined;
}

function refusePart(part: unknown, path: string): never {
  if (!isObject(part)) throw unacceptableAt(path, "a content part must be an object.");
  if (textTypes.has(part.type)) throw unacceptableAt(path, "this content part has no text.");
  if (imageTypes.has(part.type)) throw unacceptableAt(path, "this image has neither image_url nor file_id.");
  if (part.type === "input_file") throw unacceptableAt(path, "this file has neither file_data, file_url nor file_id.");
  throw unacceptableAt(`${path}.type`, `content of type '${inWords(part.type)}' is not supported.`);
}

function acceptImage(part: JsonObject): ImagePart | undefined {
  const nested = objectOf(part.image_url);
  const url = textOf(part.image_url) ?? textOf(nested.url);
  const source = url === undefined ? uploaded(part) : sourceOfUrl(url);
  if (source === undefined) return undefined;
  const wanted = part.detail ?? nested.detail;
  // Codex's own word for an image that must not be scaled down.
  const detail = wanted === "original" ? "high" : imageDetails.find((name) => name === wanted);
  const own = ownOf("responses", part, common);
  return {
    type: "image",
    source,
    ...(detail === undefined ? {} : { detail }),
    ...cached(part),
    ...(wanted === "original" ? withOwn(own, "responses", { detail: wanted }) : own),
  };
}

function acceptFile(part: JsonObject): DocumentPart | undefined {
  const source = fileSource(part);
  if (source === undefined) return undefined;
  const title = textOf(part.filename);
  return {
    type: "document",
    source: readableSource(source),
    ...(title === undefined ? {} : { title }),
    ...cached(part),
    ...ownOf("responses", part, common),
  };
}

function fileSource(part: JsonObject): MediaSource | undefined {
  const data = textOf(part.file_data);
  if (data !== undefined) return sourceOfFileData(data);
  const url = textOf(part.file_url);
  return url === undefined ? uploaded(part) : sourceOfUrl(url);
}

function uploaded(part: JsonObject): MediaSource | undefined {
  const id = textOf(part.file_id);
  return id === undefined ? undefined : { type: "file", id };
}

/** `output` of a tool: a string, an array of parts, one part, or any JSON, which then is text. */
export function acceptToolOutput(output: unknown, path: string): ResultPart[] {
  if (typeof output === "string") return unwrap(output) ?? (output === "" ? [] : [{ type: "text", text: output }]);
  if (output === undefined || output === null) return [];
  if (Array.isArray(output)) {
    return output.map((part: unknown, index) => {
      if (isObject(part) && part.type === "input_audio") return refusePart(part, `${path}[${index}]`);
      return (
        contentPart(part) ?? {
          type: "text",
          text: isObject(part) ? unknownInWords(part, textOf(part.type) ?? "content") : stringifyExactly(part),
        }
      );
    });
  }
  if (isObject(output) && imageTypes.has(output.type)) {
    const image = acceptImage(output);
    if (image !== undefined) return [image];
  }
  if (isObject(output) && (typeof output.content === "string" || Array.isArray(output.content))) {
    return acceptToolOutput(output.content, `${path}.content`);
  }
  return [{ type: "text", text: stringifyExactly(output) }];
}

/**
 * Some clients write the array with its images into a string, or the result of an MCP tool with the array inside; an image would
 * otherwise be read to the model as base64.
 */
function unwrap(output: string): ResultPart[] | undefined {
  if (!/^\s*[[{]/.test(output) || !/"(?:input_image|image_url|image)"/.test(output)) return undefined;
  const given = parseJson(output);
  const list = isObject(given) ? given.content : given;
  if (!Array.isArray(list)) return undefined;
  const parts = list.map(contentPart);
  return parts.every((part) => part !== undefined) && parts.some((part) => part.type === "image") ? parts : undefined;
}
