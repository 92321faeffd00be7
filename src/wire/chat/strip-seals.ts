import { envelopeMark, isEnvelope } from "../envelope.ts";
import { fieldNamed, fieldSpans, itemsNamed, parsed, rootOf, type Span, spansWithout, splice } from "../json-bytes.ts";

/** The body of a request without the reasoning details that only fcc can open. Every other byte stays. */
export function withoutOwnDetails(bytes: Buffer): Buffer {
  if (!bytes.includes(envelopeMark)) return bytes;
  const turns = itemsNamed(bytes, fieldSpans(bytes, rootOf(bytes)), "messages") ?? [];
  return splice(
    bytes,
    turns.flatMap((turn) => cutsOf(bytes, turn)),
  );
}

function cutsOf(bytes: Buffer, turn: Span): readonly Span[] {
  const fields = fieldSpans(bytes, turn.start) ?? [];
  const details = fieldNamed(bytes, fields, "reasoning_details");
  const entries = itemsNamed(bytes, fields, "reasoning_details");
  if (details === undefined || entries === undefined || entries.length === 0) return [];
  const isOwn = entries.map(({ start }) => {
    const data = fieldNamed(bytes, fieldSpans(bytes, start), "data");
    const value = data === undefined ? undefined : parsed(bytes, data.value);
    return typeof value === "string" && isEnvelope(value);
  });
  // A list of nothing is no better than none.
  if (isOwn.every(Boolean)) return spansWithout(fields, (at) => fields[at] === details);
  return spansWithout(entries, (at) => isOwn[at] === true);
}
