import { envelopeMark, isEnvelope } from "../envelope.ts";
import { isObject, textOf } from "../json.ts";
import { fieldSpans, itemsNamed, rootOf, spansWithout, splice, valueNamed } from "../json-bytes.ts";

/**
 * The body of a request without the reasoning whose encrypted content only fcc can open: a provider that decrypts it refuses the request.
 * Every other byte stays.
 */
export function withoutOwnSeals(bytes: Buffer): Buffer {
  return bytes.includes(envelopeMark) ? withoutSeals(bytes, isEnvelope) : bytes;
}

/** The body without some of its reasoning, by its encrypted content. */
export function withoutSeals(bytes: Buffer, unwanted: (sealed: string) => boolean): Buffer {
  const items = itemsNamed(bytes, fieldSpans(bytes, rootOf(bytes)), "input");
  if (items === undefined) return bytes;
  const isCut = items.map(({ start }) => {
    const fields = fieldSpans(bytes, start);
    const sealed = valueNamed(bytes, fields, "encrypted_content");
    return typeof sealed === "string" && valueNamed(bytes, fields, "type") === "reasoning" && unwanted(sealed);
  });
  return splice(
    bytes,
    spansWithout(items, (at) => isCut[at] === true),
  );
}

/** A summary that fcc wrote stands in the request: it means something only after fcc has read it. */
export function carriesOwnSummary(body: unknown): boolean {
  const input = isObject(body) ? body.input : undefined;
  return (
    Array.isArray(input) &&
    input.some((item) => isObject(item) && item.type !== "reasoning" && isEnvelope(textOf(item.encrypted_content) ?? ""))
  );
}
