/** The byte range of a JSON value in a body: `end` is the first byte after it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One field of an object: the range of name and value together, and of the value alone. */
export interface FieldSpan extends Span {
  readonly value: Span;
}

/**
 * Finds places in the bytes of a JSON text without turning it into objects: where bytes pass they must stay, and a body may be tens of
 * megabytes. What is no JSON gives what was read before it.
 */
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

/** The items of the list that begins at `at`; undefined where none does, or it does not end. */
export function itemSpans(bytes: Buffer, at: number): readonly Span[] | undefined {
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

/** An object's field by its name; of duplicates the last, as JSON parsers take it. */
export function fieldNamed(bytes: Buffer, fields: readonly FieldSpan[] | undefined, name: string): FieldSpan | undefined {
  return fields?.findLast((field) => isNamed(bytes, field, name));
}

/** What a range says, parsed; undefined where it is no JSON. */
export function parsed(bytes: Buffer, { start, end }: Span): unknown {
  try {
    return JSON.parse(bytes.toString("utf8", start, end));
  } catch {
    return undefined;
  }
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
  return end === undefined || end === start ? undefined : { start, end };
}

function endOfValue(bytes: Buffer, start: number): number | undefined {
  const first = bytes[start];
  if (first === quote) return endOfString(bytes, start);
  if (first === openBrace || first === openBracket) return endOfNested(bytes, start);
  let at = start;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === comma || byte === closeBrace || byte === closeBracket || isSpace(byte)) break;
  }
  return at;
}

function endOfNested(bytes: Buffer, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < bytes.length; ) {
    const byte = bytes[at];
    if (byte === quote) {
      const end = endOfString(bytes, at);
      if (end === undefined) return undefined;
      at = end;
      continue;
    }
    if (byte === openBrace || byte === openBracket) depth += 1;
    else if (byte === closeBrace || byte === closeBracket) depth -= 1;
    at += 1;
    if (depth === 0) return at;
  }
  return undefined;
}

/** The search for the next quote is native code: nearly all of a body is inside strings. */
function endOfString(bytes: Buffer, start: number): number | undefined {
  for (let at = bytes.indexOf(quote, start + 1); at !== -1; at = bytes.indexOf(quote, at + 1)) {
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

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
