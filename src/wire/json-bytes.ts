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
  if (bytes[at] !== openBrace) return undefined;
  const found: FieldSpan[] = [];
  let next = skipSpace(bytes, at + 1);
  if (bytes[next] === closeBrace) return found;
  while (bytes[next] === quote) {
    const start = next;
    const keyEnd = endOfString(bytes, start);
    if (keyEnd === undefined) return undefined;
    next = skipSpace(bytes, keyEnd);
    if (bytes[next] !== colon) return undefined;
    const value = valueAt(bytes, skipSpace(bytes, next + 1));
    if (value === undefined) return undefined;
    found.push({ start, end: value.end, value });
    next = skipSpace(bytes, value.end);
    if (bytes[next] === closeBrace) return found;
    if (bytes[next] !== comma) return undefined;
    next = skipSpace(bytes, next + 1);
  }
  return undefined;
}

/** Whether the object with these fields is the whole text: nothing but space after it. */
export function isAllOf(bytes: Buffer, fields: readonly FieldSpan[]): boolean {
  const last = fields.at(-1)?.end ?? rootOf(bytes) + 1;
  return skipSpace(bytes, skipSpace(bytes, last) + 1) === bytes.length;
}

/** A field's name. */
export function nameOf(bytes: Buffer, { start }: FieldSpan): string {
  return String(parsed(bytes, { start, end: endOfString(bytes, start) ?? start }));
}

/** The items of the list that begins at `at`; undefined where none does, or it does not end. */
function itemSpans(bytes: Buffer, at: number): readonly Span[] | undefined {
  if (bytes[at] !== openBracket) return undefined;
  const found: Span[] = [];
  let next = skipSpace(bytes, at + 1);
  if (bytes[next] === closeBracket) return found;
  for (;;) {
    const value = valueAt(bytes, next);
    if (value === undefined) return undefined;
    found.push(value);
    next = skipSpace(bytes, value.end);
    if (bytes[next] === closeBracket) return found;
    if (bytes[next] !== comma) return undefined;
    next = skipSpace(bytes, next + 1);
  }
}

/** Whether the list that begins at `at` has nothing in it. */
export function isEmptyList(bytes: Buffer, at: number): boolean {
  return bytes[skipSpace(bytes, at + 1)] === closeBracket;
}

/** An object's field by its name; of duplicates the last, as JSON parsers take it. */
export function fieldNamed(bytes: Buffer, fields: readonly FieldSpan[] | undefined, name: string): FieldSpan | undefined {
  return fields?.findLast((field) => isNamed(bytes, field, name));
}

/** The items of the list in a field of that name; undefined where there is none. */
export function itemsNamed(bytes: Buffer, fields: readonly FieldSpan[] | undefined, name: string): readonly Span[] | undefined {
  const field = fieldNamed(bytes, fields, name);
  return field === undefined ? undefined : itemSpans(bytes, field.value.start);
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

/** The bytes with other bytes in some places, which are given in order and do not overlap. */
export function splice(bytes: Buffer, places: readonly (Span & { readonly by?: string })[]): Buffer {
  if (places.length === 0) return bytes;
  const pieces: Buffer[] = [];
  let at = 0;
  for (const { start, end, by } of places) {
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

function isNamed(bytes: Buffer, { start, value }: FieldSpan, name: string): boolean {
  const end = endOfString(bytes, start);
  if (end === undefined || end > value.start) return false;
  const text = bytes.toString("latin1", start + 1, end - 1);
  return text === name || (text.includes("\\") && parsed(bytes, { start, end }) === name);
}

function valueAt(bytes: Buffer, start: number): Span | undefined {
  const end = endOfValue(bytes, start);
  return end === undefined ? undefined : { start, end };
}

function endOfValue(bytes: Buffer, start: number): number | undefined {
  const first = bytes[start];
  if (first === quote) return endOfString(bytes, start);
  return first === openBrace || first === openBracket ? endOfNested(bytes, start) : endOfScalar(bytes, start);
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
  const closing: number[] = [];
  let at = start;
  let expecting: "value" | "key" | "after" = "value";
  // Right after an opening: nothing may be in it.
  let first = false;
  for (;;) {
    at = skipSpace(bytes, at);
    const byte = bytes[at];
    if (byte === undefined) return undefined;
    if ((expecting === "after" || first) && byte === closing[closing.length - 1]) {
      closing.pop();
      at += 1;
      if (closing.length === 0) return at;
      expecting = "after";
      first = false;
    } else if (expecting === "after") {
      if (byte !== comma) return undefined;
      at += 1;
      expecting = closing[closing.length - 1] === closeBrace ? "key" : "value";
    } else if (expecting === "key") {
      const end = byte === quote ? endOfString(bytes, at) : undefined;
      if (end === undefined) return undefined;
      at = skipSpace(bytes, end);
      if (bytes[at] !== colon) return undefined;
      at += 1;
      expecting = "value";
      first = false;
    } else if (byte === openBrace || byte === openBracket) {
      closing.push(byte === openBrace ? closeBrace : closeBracket);
      at += 1;
      expecting = byte === openBrace ? "key" : "value";
      first = true;
    } else {
      const end = byte === quote ? endOfString(bytes, at) : endOfScalar(bytes, at);
      if (end === undefined) return undefined;
      at = end;
      expecting = "after";
      first = false;
    }
  }
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
