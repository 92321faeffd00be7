import { parseJson } from "./json.ts";

// Finds places in the bytes of a JSON text without turning it into objects: where bytes pass they must stay, and a body may be tens of
// megabytes.

/** The byte range of a JSON value in a body: `end` is the first byte after it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One field of an object: the range of name and value together, and of the value alone. */
export interface FieldSpan extends Span {
  readonly value: Span;
}

/** Where the text's one value begins. */
export function rootOf(bytes: Buffer): number {
  // A byte order mark is no JSON, but servers take it.
  return skipSpace(bytes, bytes[0] === 0xef ? 3 : 0);
}

/** The fields of the object that begins at `at`; undefined where none does, or it does not end. */
export function fieldSpans(bytes: Buffer, at: number): readonly FieldSpan[] | undefined {
  return bytes[at] === openBrace ? membersOf(bytes, at, closeBrace, fieldAt) : undefined;
}

/** Whether the object with these fields is the whole text: nothing but space after it. */
export function isAllOf(bytes: Buffer, fields: readonly FieldSpan[]): boolean {
  const last = fields.at(-1)?.end ?? rootOf(bytes) + 1;
  return skipSpace(bytes, skipSpace(bytes, last) + 1) === bytes.length;
}

/** A field's name. */
export function nameOf(bytes: Buffer, field: FieldSpan): string {
  return String(parsed(bytes, nameSpan(bytes, field)));
}

/** Whether the list that begins at `at` has nothing in it. */
export function isEmptyList(bytes: Buffer, at: number): boolean {
  return bytes[skipSpace(bytes, at + 1)] === closeBracket;
}

/** An object's field by its name; of duplicates the last, as JSON parsers take it. */
export function fieldNamed(bytes: Buffer, fields: readonly FieldSpan[] | undefined, name: string): FieldSpan | undefined {
  return fields?.findLast((field) => isNamed(bytes, field, name));
}

/** What the field of that name says, parsed; undefined where there is none. */
export function valueNamed(bytes: Buffer, fields: readonly FieldSpan[] | undefined, name: string): unknown {
  const field = fieldNamed(bytes, fields, name);
  return field && parsed(bytes, field.value);
}

/** The items of the list in the field of that name; none where there is no list. */
export function itemsNamed(bytes: Buffer, fields: readonly FieldSpan[] | undefined, name: string): readonly Span[] {
  const list = fieldNamed(bytes, fields, name)?.value.start;
  return (list !== undefined && bytes[list] === openBracket && membersOf(bytes, list, closeBracket, valueAt)) || [];
}

/** The same of a whole body. */
export function itemsOf(bytes: Buffer, name: string): readonly Span[] {
  return itemsNamed(bytes, fieldSpans(bytes, rootOf(bytes)), name);
}

/** What a range says, parsed; undefined where it is no JSON. */
export function parsed(bytes: Buffer, { start, end }: Span): unknown {
  return parseJson(bytes.toString("utf8", start, end));
}

/** The ranges to cut so that an object or a list loses some of its members and stays JSON: each with one comma beside it. */
export function spansWithout(members: readonly Span[], isCut: (index: number) => boolean): readonly Span[] {
  const cuts: Span[] = [];
  for (let from = 0; from < members.length; from += 1) {
    if (!isCut(from)) continue;
    let to = from;
    while (to + 1 < members.length && isCut(to + 1)) to += 1;
    const before = members[from - 1];
    const after = members[to + 1];
    const first = members[from] as Span;
    const last = members[to] as Span;
    if (before !== undefined) cuts.push({ start: before.end, end: last.end });
    else cuts.push({ start: first.start, end: after === undefined ? last.end : after.start });
    from = to;
  }
  return cuts;
}

/** The bytes with other bytes in some places, which do not overlap. */
export function splice(bytes: Buffer, places: readonly (Span & { readonly by?: string })[]): Buffer {
  if (places.length === 0) return bytes;
  const pieces: Buffer[] = [];
  let at = 0;
  for (const { start, end, by } of [...places].sort((a, b) => a.start - b.start)) {
    pieces.push(bytes.subarray(at, start));
    if (by !== undefined) pieces.push(Buffer.from(by, "utf8"));
    at = end;
  }
  return Buffer.concat([...pieces, bytes.subarray(at)]);
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

function isNamed(bytes: Buffer, field: FieldSpan, name: string): boolean {
  const { start, end } = nameSpan(bytes, field);
  const text = bytes.toString("latin1", start + 1, end - 1);
  return text === name || (text.includes("\\") && parsed(bytes, { start, end }) === name);
}

function nameSpan(bytes: Buffer, { start }: FieldSpan): Span {
  return { start, end: endOfString(bytes, start) ?? start };
}

/** What is in the object or list that begins at `at`; undefined where something else is in it, or it does not end. */
function membersOf<Member extends Span>(
  bytes: Buffer,
  at: number,
  closing: number,
  memberAt: (bytes: Buffer, start: number) => Member | undefined,
): readonly Member[] | undefined {
  const found: Member[] = [];
  let next = skipSpace(bytes, at + 1);
  if (bytes[next] === closing) return found;
  for (;;) {
    const member = memberAt(bytes, next);
    if (member === undefined) return undefined;
    found.push(member);
    next = skipSpace(bytes, member.end);
    if (bytes[next] === closing) return found;
    if (bytes[next] !== comma) return undefined;
    next = skipSpace(bytes, next + 1);
  }
}

function fieldAt(bytes: Buffer, start: number): FieldSpan | undefined {
  const value = valueAt(bytes, startOfValue(bytes, start));
  return value && { start, end: value.end, value };
}

/** Where the value of the field that begins at `start` does; undefined where none begins there. */
function startOfValue(bytes: Buffer, start: number): number | undefined {
  const end = bytes[start] === quote ? endOfString(bytes, start) : undefined;
  if (end === undefined) return undefined;
  const at = skipSpace(bytes, end);
  return bytes[at] === colon ? skipSpace(bytes, at + 1) : undefined;
}

function valueAt(bytes: Buffer, start: number | undefined): Span | undefined {
  if (start === undefined) return undefined;
  const end = isOpening(bytes[start]) ? endOfNested(bytes, start) : endOfPlain(bytes, start);
  return end === undefined ? undefined : { start, end };
}

function isOpening(byte: number | undefined): boolean {
  return byte === openBrace || byte === openBracket;
}

function endOfPlain(bytes: Buffer, start: number): number | undefined {
  return bytes[start] === quote ? endOfString(bytes, start) : endOfScalar(bytes, start);
}

const scalar = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

function endOfScalar(bytes: Buffer, start: number): number | undefined {
  let at = start;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === comma || byte === closeBrace || byte === closeBracket || isSpace(byte)) break;
  }
  return scalar.test(bytes.toString("latin1", start, at)) ? at : undefined;
}

/** Holds all that stands outside strings to the grammar; no recursion, since the depth is the client's. */
function endOfNested(bytes: Buffer, start: number): number | undefined {
  /** The brackets that are to come, the innermost last. */
  const closing: number[] = [];
  const innermost = () => closing[closing.length - 1];
  const startOfMember = (at: number) => (innermost() === closeBrace ? startOfValue(bytes, at) : at);
  for (let value: number | undefined = start; value !== undefined; ) {
    let next: number | undefined;
    if (isOpening(bytes[value])) {
      closing.push(bytes[value] === openBrace ? closeBrace : closeBracket);
      next = skipSpace(bytes, value + 1);
      if (bytes[next] !== innermost()) {
        value = startOfMember(next);
        continue;
      }
    } else {
      next = endOfPlain(bytes, value);
      if (next === undefined) return undefined;
      next = skipSpace(bytes, next);
    }
    while (bytes[next] === innermost()) {
      closing.pop();
      if (closing.length === 0) return next + 1;
      next = skipSpace(bytes, next + 1);
    }
    value = bytes[next] === comma ? startOfMember(skipSpace(bytes, next + 1)) : undefined;
  }
  return undefined;
}

/** Most strings are short, and looking at their bytes here is cheaper than a call into native code; the search for the end of a long one is native. */
const short = 48;

function endOfString(bytes: Buffer, start: number): number | undefined {
  let at = start + 1;
  for (const near = at + short; at < near; at += 1) {
    const byte = bytes[at];
    if (byte === quote) return at + 1;
    if (byte === undefined) return undefined;
    if (byte === backslash) at += 1;
  }
  for (at = bytes.indexOf(quote, at); at !== -1; at = bytes.indexOf(quote, at + 1)) {
    let slashes = 0;
    while (bytes[at - 1 - slashes] === backslash) slashes += 1;
    if (slashes % 2 === 0) return at + 1;
  }
  return undefined;
}

function skipSpace(bytes: Buffer, start: number): number {
  let at = start;
  while (isSpace(bytes[at])) at += 1;
  return at;
}

/** JSON's white space, by byte or character code. */
export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
