import { envelopeMark, isEnvelope } from "../envelope.ts";
import { objectOf } from "../json.ts";
import { type FieldSpan, fieldNamed, fieldSpans, itemsNamed, parsed, rootOf, type Span, spansWithout, splice } from "../json-bytes.ts";

/** Thinking that is not to go back, by its signature (of a redacted block: its data). */
export type Unwanted = (signature: string) => boolean;

/**
 * The body of a request without the thinking whose signature only fcc can open: a server that checks signatures refuses it, and no server
 * can use it. Every other byte stays.
 */
export function withoutOwnThinking(bytes: Buffer): Buffer {
  return bytes.includes(envelopeMark) ? withoutThinking(bytes, isEnvelope) : bytes;
}

/** The body without some of its thinking; a turn that has nothing else goes with it, since an empty one is refused. */
export function withoutThinking(bytes: Buffer, unwanted: Unwanted): Buffer {
  const fields = fieldSpans(bytes, rootOf(bytes));
  const turns = itemsNamed(bytes, fields, "messages");
  if (fields === undefined || turns === undefined) return bytes;

  const emptied = new Set<number>();
  const cuts: Span[] = [];
  /** Of the assistant's turns in a row, with nothing but results between them: whether the first lost thinking, and the last has calls. */
  let row: { readonly cut: boolean; readonly calls: boolean } | undefined;
  let goesOn = false;
  for (const [index, turn] of turns.entries()) {
    const parts = fieldSpans(bytes, turn.start);
    const blocks = itemsNamed(bytes, parts, "content") ?? [];
    const read = blocks.map((block) => readBlock(bytes, block));
    const isCut = read.map((block) => block?.signature !== undefined && unwanted(block.signature));
    const role = fieldNamed(bytes, parts, "role");
    if (role !== undefined && parsed(bytes, role.value) === "assistant")
      row = { cut: row !== undefined && goesOn ? row.cut : isCut.includes(true), calls: read.some((block) => block?.type === "tool_use") };
    else goesOn = read.length > 0 && read.every((block) => block?.type === "tool_result");
    if (isCut.length > 0 && isCut.every(Boolean)) emptied.add(index);
    else for (const span of spansWithout(blocks, (at) => isCut[at] === true)) cuts.push(span);
  }
  for (const span of spansWithout(turns, (at) => emptied.has(at))) cuts.push(span);
  if (cuts.length === 0) return bytes;
  const switchedOff = row?.cut === true && row.calls ? withThinkingOff(bytes, fields) : [];
  return splice(bytes, inOrder([...cuts, ...switchedOff]));
}

const inOrder = <Place extends Span>(places: readonly Place[]): Place[] => [...places].sort((a, b) => a.start - b.start);

/** The body without its thinking budget, or undefined where it has none. */
export function withoutBudget(bytes: Buffer): Buffer | undefined {
  const spans = withThinkingOff(bytes, fieldSpans(bytes, rootOf(bytes)) ?? []);
  return spans.length === 0 ? undefined : splice(bytes, inOrder(spans));
}

/** What a turn has of thinking, calls and results. */
function readBlock(bytes: Buffer, { start }: Span): { readonly type: string; readonly signature?: string } | undefined {
  const fields = fieldSpans(bytes, start);
  const text = (name: string): string | undefined => {
    const field = fieldNamed(bytes, fields, name);
    const value = field === undefined || field.value.end - field.value.start > longestSignature ? undefined : parsed(bytes, field.value);
    return typeof value === "string" ? value : undefined;
  };
  const type = text("type");
  if (type === "tool_use" || type === "tool_result") return { type };
  if (type === "thinking") return { type, signature: text("signature") ?? "" };
  return type === "redacted_thinking" ? { type, signature: text("data") ?? "" } : undefined;
}

const longestSignature = 4 * 1024 * 1024;

/**
 * With thinking enabled by a budget the last assistant turns in a row must begin with thinking where they have calls ("Expected `thinking`, but
 * found `tool_use`"); without it thinking is switched off for this one request, and with it the edit of the context that needs it.
 */
function withThinkingOff(bytes: Buffer, fields: readonly FieldSpan[]): readonly (Span & { readonly by?: string })[] {
  const thinking = fieldNamed(bytes, fields, "thinking");
  if (thinking === undefined || objectOf(parsed(bytes, thinking.value)).type !== "enabled") return [];
  const edits = fieldNamed(bytes, fields, "context_management");
  return [{ ...thinking.value, by: '{"type":"disabled"}' }, ...spansWithout(fields, (at) => edits !== undefined && fields[at] === edits)];
}
