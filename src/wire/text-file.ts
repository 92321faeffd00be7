import type { DocumentPart, MediaSource } from "../model/request.ts";

const readable =
  /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml|yaml|toml|javascript|typescript|sql|x-(?:yaml|sh|httpd-php|ndjson|javascript))\b)/i;
const strict = new TextDecoder("utf-8", { fatal: true });

/** What of a file goes into a request: its words where they can be read, since any model can read them, while hardly one takes such a file. */
export function readableSource(source: MediaSource): DocumentPart["source"] {
  if (source.type !== "base64" || !readable.test(source.mediaType)) return source;
  try {
    return { type: "text", text: strict.decode(Buffer.from(source.data, "base64")) };
  } catch {
    // Another encoding than it says.
    return source;
  }
}

/** A document of words on a wire that has none: its title and what is said of it stand before it. */
export function documentText(text: string, { title, context }: DocumentPart): string {
  return [title, context, text].filter((line) => line !== undefined && line !== "").join("\n\n");
}
