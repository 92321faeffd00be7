import { decodeUri } from "../model/decode-uri.ts";
import type { MediaSource } from "../model/request.ts";

/** An address, or what a data URI (RFC 2397) holds; of that the head alone is looked through, since the data may be megabytes. */
export function sourceOfUrl(url: string): MediaSource {
  const comma = url.startsWith("data:") ? url.indexOf(",") : -1;
  if (comma < 0) return { type: "url", url };
  const [mediaType = "", ...parameters] = url.slice("data:".length, comma).split(";");
  const data = url.slice(comma + 1);
  const base64 = parameters.includes("base64") ? data : Buffer.from(decodeUri(data), "utf8").toString("base64");
  return { type: "base64", mediaType: mediaType === "" ? "text/plain" : mediaType, data: base64 };
}

/** The same of a file's data, which may also be the bare base64 of a PDF, as some clients send it. */
export function sourceOfFileData(data: string): MediaSource {
  return /^(?:data|https?):/.test(data) ? sourceOfUrl(data) : { type: "base64", mediaType: "application/pdf", data };
}

/** The address of a source, or the data URI that holds it. */
export function urlOfSource(source: Exclude<MediaSource, { readonly type: "file" }>): string {
  return source.type === "url" ? source.url : `data:${source.mediaType};base64,${source.data}`;
}
