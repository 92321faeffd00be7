import { envelopeMark, isEnvelope, openEnvelope, sealIn } from "../envelope.ts";
import { isObject, textOf } from "../json.ts";
import { type FieldSpan, fieldNamed, fieldSpans, itemsOf, parsed, type Span, spansWithout, splice, valueNamed } from "../json-bytes.ts";

/**
 * The body of a request without the reasoning whose encrypted content only fcc can open: a provider that decrypts it refuses the request.
 * What `maker` itself sealed, in a reply that fcc had to read and write anew, goes back as it was. Every other byte stays.
 */
export function withoutOwnSeals(bytes: Buffer, maker: string): Buffer {
  return bytes.includes(envelopeMark) ? withoutSeals(opened(bytes, maker), isEnvelope) : bytes;
}

/** The body without some of its reasoning, by its encrypted content and the place. */
export function withoutSeals(bytes: Buffer, unwanted: (sealed: string, place: string) => boolean): Buffer {
  const items = itemsOf(bytes, "input");
  const isCut = items.map(({ start }, index) => {
    const content = encryptedContent(bytes, fieldSpans(bytes, start));
    return content !== undefined && unwanted(content.sealed, `input.${index}`);
  });
  return splice(
    bytes,
    spansWithout(items, (at) => isCut[at] === true),
  );
}

/** The body with the maker's own encrypted content in the place of the envelopes that hold it. */
function opened(bytes: Buffer, maker: string): Buffer {
  const places = itemsOf(bytes, "input").flatMap(({ start }) => {
    const fields = fieldSpans(bytes, start) ?? [];
    const content = encryptedContent(bytes, fields);
    const seal = content && sealIn(openEnvelope(content.sealed));
    if (content === undefined || seal?.wire !== "responses" || seal.maker !== maker) return [];
    // The id is fcc's: "Encrypted content item_id did not match the target item id", OpenAI says of another than its own.
    const id = fieldNamed(bytes, fields, "id");
    const cut = spansWithout(fields, (at) => fields[at] === id);
    return [...cut, { ...content.place, by: JSON.stringify(seal.value) }];
  });
  return splice(bytes, places);
}

/** The encrypted content of an item that is reasoning, and where it stands. */
function encryptedContent(
  bytes: Buffer,
  fields: readonly FieldSpan[] | undefined,
): { readonly place: Span; readonly sealed: string } | undefined {
  const content = fieldNamed(bytes, fields, "encrypted_content");
  if (content === undefined || valueNamed(bytes, fields, "type") !== "reasoning") return undefined;
  const sealed = parsed(bytes, content.value);
  return typeof sealed === "string" ? { place: content.value, sealed } : undefined;
}

/** A summary that fcc wrote stands in the request: it means something only after fcc has read it. */
export function carriesOwnSummary(body: unknown): boolean {
  const input = isObject(body) ? body.input : undefined;
  return (
    Array.isArray(input) &&
    input.some((item) => isObject(item) && item.type !== "reasoning" && isEnvelope(textOf(item.encrypted_content) ?? ""))
  );
}
