import { envelopeMark, isEnvelope } from "../envelope.ts";
import { isObject, textOf } from "../json.ts";
import { fieldNamed, fieldSpans, itemsNamed, parsed, rootOf, spansWithout, splice } from "../json-bytes.ts";

/**
 * The body of a request without the reasoning whose encrypted content only fcc can open: a provider that decrypts it refuses the request.
 * Every other byte stays.
 */
export function withoutOwnReasoning(bytes: Buffer): Buffer {
  return bytes.includes(envelopeMark) ? withoutReasoning(bytes, isEnvelope) : bytes;
}

/** The body without some of its reasoning, by its encrypted content. */
export function withoutReasoning(bytes: Buffer, unwanted: (sealed: string) => boolean): Buffer {
  const items = itemsNamed(bytes, fieldSpans(bytes, rootOf(bytes)), "input");
  if (items === undefined) return bytes;
  const isCut = items.map(({ start }) => {
    const fields = fieldSpans(bytes, start);
    const type = fieldNamed(bytes, fields, "type");
    const sealed = fieldNamed(bytes, fields, "encrypted_content");
    if (type === undefined || sealed === undefined) return false;
    const value = parsed(bytes, sealed.value);
    return parsed(bytes, type.value) === "reasoning" && typeof value === "string" && unwanted(value);
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
