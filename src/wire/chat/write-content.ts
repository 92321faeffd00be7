import { flatMap } from "../../model/lists.ts";
import type { DocumentPart, ImagePart, ResultPart, UserPart } from "../../model/request.ts";
import type { JsonObject } from "../json.ts";
import { urlOfSource } from "../source-of-url.ts";
import { documentText } from "../text-file.ts";

/** A part of a user message. Text alone is sent as a string, since many templates take nothing else. */
export type ContentPart = { readonly type: "text"; readonly text: string } | JsonObject;

/**
 * What a user said, or a tool returned, as parts; results of tools are messages of their own. What the server does not take of it was
 * settled before.
 */
export function contentParts(parts: readonly (UserPart | ResultPart)[]): readonly ContentPart[] {
  return flatMap(parts, (part) => {
    const content = contentPart(part);
    if (content === undefined || (content.type === "text" && content.text === "")) return [];
    // A file has no field for what is said of it.
    const about = part.type === "document" && content.type === "file" ? (part.context ?? "") : "";
    return about === "" ? [content] : [text(about), content];
  });
}

function contentPart(part: UserPart | ResultPart): ContentPart | undefined {
  if (part.type === "text") return text(part.text);
  if (part.type === "image") return image(part);
  if (part.type === "document") return document(part);
  return part.type === "opaque" && part.text !== undefined ? text(part.text) : undefined;
}

export function isText(part: ContentPart): part is { readonly type: "text"; readonly text: string } {
  return part.type === "text";
}

/** A string where there is only text, else the parts; undefined where there is nothing. */
export function joinContent(content: readonly ContentPart[]): string | readonly ContentPart[] | undefined {
  if (content.length === 0) return undefined;
  return content.every(isText) ? content.map((part) => part.text).join("\n") : content;
}

function text(value: string): ContentPart {
  return { type: "text", text: value };
}

function image({ source, detail }: ImagePart): ContentPart {
  // This wire has no word for it.
  if (source.type === "file") return text(`[image omitted: file ${source.id}]`);
  return { type: "image_url", image_url: { url: urlOfSource(source), ...(detail === undefined ? {} : { detail }) } };
}

function document(part: DocumentPart): ContentPart {
  const { source, title } = part;
  if (source.type === "text") return text(documentText(source.text, part));
  if (source.type === "file") return { type: "file", file: { file_id: source.id } };
  const name = title ?? (source.type === "base64" && source.mediaType === "application/pdf" ? "document.pdf" : "document");
  return { type: "file", file: { filename: name, file_data: urlOfSource(source) } };
}
