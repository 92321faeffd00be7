/** The byte range of a JSON value in a body: `end` is the first byte after it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Where the model's name stands in the body of a request: the JSON string with its quotes, and what it says. Of the body's own fields
 * only, whatever stands in messages or tool schemas; of duplicate fields the last, as JSON parsers take it. undefined where the body is
 * no object or has no such string. Nothing of the body is turned into objects: it may be tens of megabytes.
 */
export function findModel(bytes: Buffer): (Span & { readonly value: string }) | undefined {
  const span = findField(bytes, "model");
  if (span === undefined || bytes[span.start] !== quote) return undefined;
  const value = parsed(bytes, span);
  return typeof value === "string" ? { ...span, value } : undefined;
}

/** The body with another model's name; every other byte stays. */
export function replaceModel(bytes: Buffer, span: Span, model: string): Buffer {
  return Buffer.concat([bytes.subarray(0, span.start), Buffer.from(JSON.stringify(model), "utf8"), bytes.subarray(span.end)]);
}

/** Whether the request asks for a stream. */
export function readStreamFlag(bytes: Buffer): boolean {
  const span = findField(bytes, "stream");
  return span !== undefined && parsed(bytes, span) === true;
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/** The value of one of the body's own fields, the last of that name. */
function findField(bytes: Buffer, name: string): Span | undefined {
  let found: Span | undefined;
  // A byte order mark is no JSON, but servers take it.
  let at = skipSpace(bytes, bytes[0] === 0xef ? 3 : 0);
  if (bytes[at] !== openBrace) return undefined;
  at = skipSpace(bytes, at + 1);
  while (bytes[at] === quote) {
    const keyEnd = endOfString(bytes, at);
    if (keyEnd === undefined) return undefined;
    const isIt = isKey(bytes, { start: at, end: keyEnd }, name);
    at = skipSpace(bytes, keyEnd);
    if (bytes[at] !== colon) return undefined;
    const start = skipSpace(bytes, at + 1);
    const end = endOfValue(bytes, start);
    if (end === undefined || end === start) return undefined;
    if (isIt) found = { start, end };
    at = skipSpace(bytes, end);
    if (bytes[at] === closeBrace) return found;
    if (bytes[at] !== comma) return undefined;
    at = skipSpace(bytes, at + 1);
  }
  return undefined;
}

function isKey(bytes: Buffer, { start, end }: Span, name: string): boolean {
  const text = bytes.toString("latin1", start + 1, end - 1);
  return text === name || (text.includes("\\") && parsed(bytes, { start, end }) === name);
}

function parsed(bytes: Buffer, { start, end }: Span): unknown {
  try {
    return JSON.parse(bytes.toString("utf8", start, end));
  } catch {
    return undefined;
  }
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
