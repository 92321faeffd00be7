const readable =
  /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml|yaml|toml|javascript|typescript|sql|x-(?:yaml|sh|httpd-php|ndjson|javascript))\b)/i;
const strict = new TextDecoder("utf-8", { fatal: true });

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
