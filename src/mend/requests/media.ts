import type { WireName } from "../../model/opaque.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { DocumentPart, ImagePart, MediaSource, Request, TextPart } from "../../model/request.ts";
import { imageType } from "../image-header.ts";
import { replaceShown } from "./shown.ts";

/**
 * Corrects the media types of images. Images and documents that the model or its server does not accept become a sentence that says what is
 * missing, so that the model can say so instead of guessing; a person is told once.
 */
export function mendMedia(request: Request, quirks: Quirks, wire: WireName, tell: (notice: string) => void): Request {
  const image = (part: ImagePart): ImagePart | TextPart => {
    if (quirks.images === false) {
      tell("An image was left out: the model takes text only. Use a model with vision to show it images.");
      return placeholder(part, `[image omitted: this model cannot see images, ${described(part.source)}]`);
    }
    return typed(part);
  };
  const document = (part: DocumentPart): DocumentPart | TextPart => {
    const { source, title, context } = part;
    // A client of the server's own wire knows how it takes them.
    const isOwn = part.own?.wire === wire && quirks.documents === undefined;
    const taken = (quirks.documents ?? (wire === "chat" && !isOwn ? "placeholder" : "file")) !== "placeholder";
    if (source.type === "text") {
      if (wire === "messages" && taken) return part;
      return placeholder(part, paragraphs(title, context, source.text));
    }
    const sayable = isOwn || wire !== "chat" || source.type === "base64" || (source.type === "url" && quirks.documentUrls === true);
    if (taken && sayable) return part;
    tell(`A document was left out: the server ${taken ? "takes documents only in the request itself" : "does not take documents"}.`);
    return placeholder(part, paragraphs(`[document omitted: ${title ?? "untitled"}, ${described(source)}]`, context));
  };
  return replaceShown(request, (part) => {
    if (part.type === "image") return image(part);
    return part.type === "document" ? document(part) : part;
  });
}

/** An image with the media type that its bytes have: Anthropic refuses a wrong one, and MCP servers often give one for screenshots. */
function typed(part: ImagePart): ImagePart {
  if (part.source.type !== "base64") return part;
  const mediaType = imageType(part.source.data) ?? part.source.mediaType;
  return mediaType === part.source.mediaType ? part : { ...part, source: { ...part.source, mediaType } };
}

function paragraphs(...texts: readonly (string | undefined)[]): string {
  return texts.filter((text) => text !== undefined && text !== "").join("\n\n");
}

function placeholder(part: ImagePart | DocumentPart, text: string): TextPart {
  return { type: "text", text, ...(part.cache === undefined ? {} : { cache: part.cache }) };
}

function described(source: MediaSource): string {
  if (source.type === "url") return source.url;
  if (source.type === "file") return source.id;
  return `${source.mediaType}, ${Buffer.byteLength(source.data, "base64")} bytes`;
}
