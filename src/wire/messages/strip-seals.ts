import { envelopeMark, isEnvelope } from "../envelope.ts";
import { objectOf, stringOf } from "../json.ts";
import {
  type FieldSpan,
  fieldNamed,
  fieldSpans,
  itemsNamed,
  parsed,
  rootOf,
  type Span,
  spansWithout,
  splice,
  valueNamed,
} from "../json-bytes.ts";
import { withoutThinkingEdits } from "./context-edits.ts";

/**
 * The body of a request without the thinking whose signature only fcc can open: a server that checks signatures refuses it, and no server
 * can use it. Every other byte stays.
 */
export function withoutOwnSeals(bytes: Buffer): Buffer {
  return bytes.includes(envelopeMark) ? withoutSeals(bytes, isEnvelope) : bytes;
}

/**
 * The body without some of its thinking, by the signature (of a redacted block: the data) and the place, as servers name it; a turn that has
 * nothing else goes with it, since an empty one is refused.
 */
export function withoutSeals(bytes: Buffer, unwanted: (signature: string, place: string) => boolean): Buffer {
  const fields = fieldSpans(bytes, rootOf(bytes)) ?? [];
  const turns = itemsNamed(bytes, fields, "messages");
  const emptied = new Set<number>();
  const cuts: Span[] = [];
  /** Of the assistant's turns in a row, with nothing but results between them: whether the first lost thinking, and the last has calls. */
  let row: { readonly cut: boolean; readonly calls: boolean } | undefined;
  let goesOn = false;
  for (const [index, turn] of turns.entries()) {
    const parts = fieldSpans(bytes, turn.start);
    const blocks = itemsNamed(bytes, parts, "content");
    const read = blocks.map((block) => readBlock(bytes, block));
    const isCut = read.map(({ signature }, block) => signature !== undefined && unwanted(signature, `messages.${index}.content.${block}`));
    if (valueNamed(bytes, parts, "role") === "assistant")
      row = { cut: row !== undefined && goesOn ? row.cut : isCut.includes(true), calls: read.some(({ type }) => type === "tool_use") };
    else goesOn = read.length > 0 && read.every(({ type }) => type === "tool_result");
    if (isCut.length > 0 && isCut.every(Boolean)) emptied.add(index);
    else for (const span of spansWithout(blocks, (at) => isCut[at] === true)) cuts.push(span);
  }
  for (const span of spansWithout(turns, (at) => emptied.has(at))) cuts.push(span);
  if (cuts.length === 0) return bytes;
  const switchedOff = row?.cut === true && row.calls ? withThinkingOff(bytes, fields) : [];
  return splice(bytes, [...cuts, ...switchedOff]);
}

/** The body without its thinking budget, or undefined where it has none. */
export function withoutBudget(bytes: Buffer): Buffer | undefined {
  const spans = withThinkingOff(bytes, fieldSpans(bytes, rootOf(bytes)) ?? []);
  return spans.length === 0 ? undefined : splice(bytes, spans);
}

/** A block's type, and of thinking its signature. */
function readBlock(bytes: Buffer, { start }: Span): { readonly type: unknown; readonly signature?: string } {
  const fields = fieldSpans(bytes, start);
  const type = valueNamed(bytes, fields, "type");
  if (type === "thinking") return { type, signature: stringOf(valueNamed(bytes, fields, "signature")) ?? "" };
  if (type === "redacted_thinking") return { type, signature: stringOf(valueNamed(bytes, fields, "data")) ?? "" };
  return { type };
}

/**
 * With thinking enabled by a budget the last assistant turns in a row must begin with thinking where they have calls ("Expected `thinking`, but
 * found `tool_use`"); without it thinking is switched off for this one request, and with it the edit of the context that needs it.
 */
function withThinkingOff(bytes: Buffer, fields: readonly FieldSpan[]): readonly (Span & { readonly by?: string })[] {
  const thinking = fieldNamed(bytes, fields, "thinking");
  if (thinking === undefined || objectOf(parsed(bytes, thinking.value)).type !== "enabled") return [];
  const off = { ...thinking.value, by: '{"type":"disabled"}' };
  const context = fieldNamed(bytes, fields, "context_management");
  if (context === undefined) return [off];
  const before = { context_management: parsed(bytes, context.value) };
  const { context_management: left } = withoutThinkingEdits(before);
  if (left === before.context_management) return [off];
  if (left !== undefined) return [off, { ...context.value, by: JSON.stringify(left) }];
  return [off, ...spansWithout(fields, (at) => fields[at] === context)];
}
