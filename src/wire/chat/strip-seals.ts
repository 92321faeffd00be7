import { fieldNamed, fieldSpans, itemsNamed, parsed, rootOf, type Span, spansWithout, splice } from "../json-bytes.ts";
import { isOwnData } from "./seal.ts";

/**
 * The body of a request without the reasoning details that only fcc can open. Every other byte stays; nearly every body has none, and
 * that is seen without reading it.
 */
export function withoutOwnDetails(bytes: Buffer): Buffer {
  if (!bytes.includes(ownMark)) return bytes;
  const turns = itemsNamed(bytes, fieldSpans(bytes, rootOf(bytes)), "messages") ?? [];
  return splice(
    bytes,
    turns.flatMap((turn) => cutsOf(bytes, turn)),
  );
}

const ownMark = Buffer.from('"fcc.', "utf8");

function cutsOf(bytes: Buffer, turn: Span): readonly Span[] {
  const fields = fieldSpans(bytes, turn.start) ?? [];
  const details = fieldNamed(bytes, fields, "reasoning_details");
  const entries = itemsNamed(bytes, fields, "reasoning_details");
  if (details === undefined || entries === undefined || entries.length === 0) return [];
  const isOwn = entries.map(({ start }) => {
    const data = fieldNamed(bytes, fieldSpans(bytes, start), "data");
    const value = data === undefined ? undefined : parsed(bytes, data.value);
    return typeof value === "string" && isOwnData(value);
  });
  // A list of nothing is no better than none.
  if (isOwn.every(Boolean)) return spansWithout(fields, (at) => fields[at] === details);
  return spansWithout(entries, (at) => isOwn[at] === true);
}
