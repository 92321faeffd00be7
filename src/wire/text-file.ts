import type { DocumentPart, MediaSource } from "../model/request.ts";

const readable =
  /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml|yaml|toml|javascript|typescript|sql|x-(?:yaml|sh|httpd-php|ndjson|javascript))\b)/i;
const strict = new TextDecoder("utf-8", { fatal: true });

/** What of a file goes into a request: its words where they can be read. */
export function readableSource(source: MediaSource): DocumentPart["source"] {
  const text = source.type === "base64" ? textOfFile(source.mediaType, source.data) : undefined;
  return text === undefined ? source : { type: "text", text };
}

/** A document of words on a wire that has none: its title and what is said of it stand before it. */
export function documentText(text: string, { title, context }: DocumentPart): string {
  return [title, context, text].filter((line) => line !== undefined && line !== "").join("\n\n");
}

/** The words of a file that is text: any model can read them, while hardly one takes such a file. Undefined where it is none. */
export function textOfFile(mediaType: string, base64: string): string | undefined {
  if (!readable.test(mediaType)) return undefined;
  try {
    return strict.decode(Buffer.from(base64, "base64"));
  } catch {
    // Another encoding than it says.
    return undefined;
  }
}
