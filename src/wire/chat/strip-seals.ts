import { envelopeMark, isEnvelope } from "../envelope.ts";
import { textOf } from "../json.ts";
import { fieldNamed, fieldSpans, itemsNamed, itemsOf, type Span, spansWithout, splice, valueNamed } from "../json-bytes.ts";

/** The body of a request without the reasoning details that only fcc can open. Every other byte stays. */
export function withoutOwnSeals(bytes: Buffer): Buffer {
  if (!bytes.includes(envelopeMark)) return bytes;
  const cuts = itemsOf(bytes, "messages").flatMap((turn) => cutsOf(bytes, turn));
  return splice(bytes, cuts);
}

function cutsOf(bytes: Buffer, turn: Span): readonly Span[] {
  const fields = fieldSpans(bytes, turn.start) ?? [];
  const details = fieldNamed(bytes, fields, "reasoning_details");
  const entries = itemsNamed(bytes, fields, "reasoning_details");
  const isOwn = entries.map(({ start }) => isEnvelope(textOf(valueNamed(bytes, fieldSpans(bytes, start), "data")) ?? ""));
  // A list of nothing is no better than none.
  if (isOwn.length > 0 && isOwn.every(Boolean)) return spansWithout(fields, (at) => fields[at] === details);
  return spansWithout(entries, (at) => isOwn[at] === true);
}
