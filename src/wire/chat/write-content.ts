import type { Quirks } from "../../model/quirks.ts";
import type { DocumentPart, ImagePart, TextPart, UserPart } from "../../model/request.ts";
import type { JsonObject } from "../json.ts";
import { ownFields } from "../own-fields.ts";
import { urlOfSource } from "../source-of-url.ts";
import { documentText } from "../text-file.ts";

/** A part of a user message. */
export type ContentPart = TextContent | JsonObject;

interface TextContent {
  readonly type: "text";
  readonly text: string;
}

/**
 * What a user said, or a tool returned; results of tools are messages of their own. What the server does not take of it was settled before.
 */
export function writePart(part: UserPart, quirks: Quirks): readonly ContentPart[] {
  switch (part.type) {
    case "text":
      return part.own === undefined ? writeText(part.text) : writeText(part.text).map((text) => ({ ...text, ...ownOfText(part, quirks) }));
    case "image":
      return writeImage(part);
    case "document":
      return writeDocument(part, quirks);
    case "tool-result":
      return [];
    case "opaque":
      return writeText(part.text);
  }
}

/** Templates that want a string have no place for what is said of a part. */
export function ownOfText(part: TextPart, { wordlessCalls }: Quirks): JsonObject {
  return wordlessCalls === "empty" ? {} : ownFields(part, "chat");
}

/** Text that may stand in a string with others. */
export function isPlain(part: ContentPart): part is TextContent {
  return isText(part) && Object.keys(part).length === 2;
}

export function isText(part: ContentPart): part is TextContent {
  return part.type === "text";
}

function writeText(text = ""): readonly ContentPart[] {
  return text === "" ? [] : [{ type: "text", text }];
}

function writeImage(part: ImagePart): readonly ContentPart[] {
  const { source, detail } = part;
  // This wire has no word for it.
  if (source.type === "file") return writeText(`[image omitted: file ${source.id}]`);
  return [
    { type: "image_url", image_url: { url: urlOfSource(source), ...(detail === undefined ? {} : { detail }) }, ...ownFields(part, "chat") },
  ];
}

function writeDocument(part: DocumentPart, quirks: Quirks): readonly ContentPart[] {
  const { source, title, context } = part;
  if (source.type === "text") return writeText(documentText(source.text, part));
  const own = ownFields(part, "chat");
  if (quirks.documents === undefined && own.type !== undefined) return [own];
  const name = title ?? (source.type === "base64" && source.mediaType === "application/pdf" ? "document.pdf" : "document");
  if (quirks.documents === "url" && source.type !== "file") {
    return [...writeText(context), { type: "document_url", document_url: urlOfSource(source), document_name: name }];
  }
  const file = source.type === "file" ? { file_id: source.id } : { filename: name, file_data: urlOfSource(source) };
  // A file has no field for what is said of it.
  return [...writeText(context), { type: "file", file }];
}
