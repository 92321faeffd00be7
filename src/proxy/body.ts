import type { Failure } from "../model/failure.ts";
import { type FieldSpan, fieldNamed, fieldSpans, isAllOf, isEmptyList, nameOf, parsed, rootOf, type Span } from "../wire/json-bytes.ts";
import { findModel } from "../wire/messages/pass.ts";
import { findJsonFault } from "./json-fault.ts";

type Parsed = { readonly json: unknown; readonly failure?: undefined } | { readonly failure: Failure };

export type FieldKind = "absent" | "null" | "string" | "number" | "boolean" | "list" | "empty list" | "object";

/** A request's body. */
export interface Body {
  /** As the client wrote it, without its content encoding. */
  readonly bytes: Buffer;
  /** The fields of the object that it is; each list and object in it is parsed when it is first looked at. Without fields where it is no object. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** What a field is, without reading it. */
  kindOf(name: string): FieldKind;
  /** Where the model's name stands, with its quotes. */
  readonly model: Span | undefined;
  /** All of it. A failure: what stands inside a string is no JSON. */
  parse(): Parsed;
}

/**
 * Where bytes pass to a provider of the client's own wire, a handful of small fields decide: turning megabytes of conversation into
 * objects for them would take longer than all else that is done with the request. What stands outside strings is held to the grammar here.
 */
export function bodyOf(bytes: Buffer): Body | { readonly failure: Failure } {
  const spans = fieldSpans(bytes, rootOf(bytes));
  const fields = spans !== undefined && isAllOf(bytes, spans) ? fieldsAt(bytes, spans) : undefined;
  let known: Parsed | undefined;
  const parse = () => {
    known ??= parseWhole(bytes);
    return known;
  };
  const kindOf = (name: string) => kindAt(bytes, fieldNamed(bytes, spans, name)?.value.start);
  if (fields !== undefined) return { bytes, fields, kindOf, model: findModel(bytes, spans), parse };
  // No object, or no JSON.
  const { failure } = parse();
  return failure === undefined ? { bytes, fields: {}, kindOf: () => "absent", model: undefined, parse } : { failure };
}

function kindAt(bytes: Buffer, start: number | undefined): FieldKind {
  if (start === undefined) return "absent";
  switch (String.fromCharCode(bytes[start] ?? 0)) {
    case '"':
      return "string";
    case "{":
      return "object";
    case "[":
      return isEmptyList(bytes, start) ? "empty list" : "list";
    case "n":
      return "null";
    case "t":
    case "f":
      return "boolean";
    default:
      return "number";
  }
}

/** Undefined where a small field is no JSON after all. */
function fieldsAt(bytes: Buffer, spans: readonly FieldSpan[]): Readonly<Record<string, unknown>> | undefined {
  const fields = {};
  for (const span of spans) {
    const field = { configurable: true, enumerable: true };
    const first = String.fromCharCode(bytes[span.value.start] ?? 0);
    let value: unknown;
    let read = first !== "{" && first !== "[";
    if (read) value = parsed(bytes, span.value);
    if (read && value === undefined) return undefined;
    const get = () => {
      if (!read) value = parsed(bytes, span.value);
      read = true;
      return value;
    };
    Object.defineProperty(fields, nameOf(bytes, span), { ...field, get });
  }
  return fields;
}

function parseWhole(bytes: Buffer): Parsed {
  const text = bytes.toString("utf8").replace(/^\ufeff/, "");
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    return { failure: { kind: "bad-request", origin: "client", message: faultOf(text) } };
  }
}

function faultOf(text: string): string {
  if (text.trim() === "") return "The body is empty; JSON is expected.";
  const { position, line, column, atEnd } = findJsonFault(text);
  const what = atEnd ? "it ends too early," : "unexpected character";
  return `The body is not valid JSON: ${what} at position ${position} (line ${line}, column ${column}).`;
}
