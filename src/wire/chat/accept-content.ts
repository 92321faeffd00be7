import { type DocumentPart, type ImagePart, imageDetails, type TextPart } from "../../model/request.ts";
import { cached } from "../cache-mark.ts";
import { isObject, type JsonObject, textOf } from "../json.ts";
import { ownOf, withOwn } from "../own-fields.ts";
import { unacceptableAt } from "../refuse.ts";
import { sourceOfFileData, sourceOfUrl } from "../source-of-url.ts";
import { readableSource } from "../text-file.ts";

type SaidPart = TextPart | ImagePart | DocumentPart;

/** The fields of texts and images; the language's marks for the cache are not written on this wire. */
const common = new Set(["type", "text", "image_url", "detail"]);

/** What the model declined with, for which this wire has a field beside the content. */
export const refusalPart = (refusal: string): TextPart => withOwn<TextPart>({ type: "text", text: refusal }, "chat", { refusal });

/** Content of a message: a string, parts, or nothing. */
export function acceptContent(content: unknown, path: string): SaidPart[] {
  if (content === undefined || content === null) return [];
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  if (!Array.isArray(content)) throw unacceptableAt(path, "must be a string or a list of parts");
  return content.map((part: unknown, at) => acceptPart(part, `${path}[${at}]`));
}

export function acceptText(content: unknown, path: string): TextPart[] {
  return acceptContent(content, path).map((part, at) => {
    if (part.type !== "text") throw unacceptableAt(`${path}[${at}]`, "only text is possible here");
    return part;
  });
}

function acceptPart(part: unknown, path: string): SaidPart {
  if (typeof part === "string") return { type: "text", text: part };
  if (!isObject(part)) throw unacceptableAt(path, "must be an object");
  switch (part.type) {
    case "text":
    case "input_text":
    case "output_text":
      if (typeof part.text !== "string") throw unacceptableAt(`${path}.text`, "must be a string");
      return { type: "text", text: part.text, ...cached(part), ...ownOf("chat", part, common) };
    case "refusal":
      return refusalPart(textOf(part.refusal) ?? "");
    case "image_url":
    case "input_image":
      return acceptImage(part, path);
    case "file":
    case "input_file":
      return withOwn({ ...acceptFile(isObject(part.file) ? part.file : part, path), ...cached(part) }, "chat", part);
    // The form of Mistral's SDK, and of the AI SDK's provider for it.
    case "document_url":
      if (typeof part.document_url !== "string") throw unacceptableAt(`${path}.document_url`, "must be a string");
      return acceptFile({ filename: part.document_name, file_data: part.document_url }, path);
    case "input_audio":
      throw unacceptableAt(path, "audio input is not supported");
    default:
      throw unacceptableAt(`${path}.type`, `unknown content part ${JSON.stringify(part.type)}`);
  }
}

function acceptImage(part: JsonObject, path: string): ImagePart {
  const image = isObject(part.image_url) ? part.image_url : part;
  const url = textOf(image.url) ?? textOf(part.image_url);
  if (url === undefined) throw unacceptableAt(`${path}.image_url.url`, "must be a string");
  const detail = imageDetails.find((name) => name === image.detail);
  return {
    type: "image",
    source: sourceOfUrl(url),
    ...(detail === undefined ? {} : { detail }),
    ...cached(part),
    ...ownOf("chat", part, common),
  };
}

function acceptFile(file: JsonObject, path: string): DocumentPart {
  const name = textOf(file.filename);
  const title = name === undefined ? {} : { title: name };
  const id = textOf(file.file_id);
  if (id !== undefined) return { type: "document", source: { type: "file", id }, ...title };
  const data = textOf(file.file_data);
  if (data === undefined) throw unacceptableAt(`${path}.file`, "needs file_data or file_id");
  return { type: "document", source: readableSource(sourceOfFileData(data)), ...title };
}
