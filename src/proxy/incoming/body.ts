import { parseExactly } from "../../model/exact-json.ts";
import type { Failure } from "../../model/failure.ts";
import { fieldSpans, isAllOf, isEmptyList, nameOf, parsed, rootOf, type Span } from "../../wire/json-bytes.ts";
import { refuse } from "../../wire/refuse.ts";
import { findJsonFault } from "./json-fault.ts";

type Parsed = { readonly json: unknown; readonly failure?: undefined } | { readonly failure: Failure };

export type FieldKind = "absent" | "null" | "string" | "number" | "boolean" | "list" | "empty list" | "object";

/** A request's body. */
export interface Body {
  /** As the client wrote it, without its content encoding. */
  readonly bytes: Buffer;
  /** The fields of the body's object; a list or object among them is parsed when first used. Empty where the body is not an object. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** What kind of value a field has, without parsing it. */
  kindOf(name: string): FieldKind;
  /** Where the model's name is, with its quotes. Only the body's own field counts, not one inside messages or tool schemas. */
  readonly model: Span | undefined;
  /** Parses all of it, once until `release`. Fails where the inside of a string is not valid JSON. */
  parse(): Parsed;
  /** Lets go of what was parsed. */
  release(): void;
}

/**
 * A body whose small fields can be read without parsing the rest. Where bytes pass, those fields are all that fcc needs, and parsing megabytes
 * of conversation would take longer than everything else. Everything outside strings is checked against the grammar here.
 */
export function bodyOf(bytes: Buffer): Body | { readonly failure: Failure } {
  const spans = fieldSpans(bytes, rootOf(bytes));
  const isObject = spans !== undefined && isAllOf(bytes, spans);
  // Of duplicate fields the last one counts, as in JSON parsers.
  const places = new Map(isObject ? spans.map((span) => [nameOf(bytes, span), span.value]) : []);
  const fields = isObject ? fieldsAt(bytes, places) : undefined;
  let known: Parsed | undefined;
  const parse = () => {
    known ??= parseWhole(bytes);
    return known;
  };
  if (fields === undefined) {
    // It is not an object, or not JSON.
    const { failure } = parse();
    if (failure !== undefined) return { failure };
  }
  return {
    bytes,
    fields: fields ?? {},
    kindOf: (name) => kindAt(bytes, places.get(name)?.start),
    model: typeof fields?.["model"] === "string" ? places.get("model") : undefined,
    parse,
    release() {
      known = undefined;
    },
  };
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

/** Undefined where a small field is not JSON after all. */
function fieldsAt(bytes: Buffer, places: ReadonlyMap<string, Span>): Readonly<Record<string, unknown>> | undefined {
  const fields = {};
  for (const [name, span] of places) {
    const kind = kindAt(bytes, span.start);
    const isNested = kind === "object" || kind === "list" || kind === "empty list";
    let value = isNested ? undefined : parsed(bytes, span);
    if (!isNested && value === undefined) return undefined;
    const get = () => {
      value ??= parsed(bytes, span);
      return value;
    };
    Object.defineProperty(fields, name, { enumerable: true, get });
  }
  return fields;
}

/** The depth from which long integers are kept exact: what a model reads (arguments, schemas, results) is at least so deep, settings are not. */
const withinContent = 4;

function parseWhole(bytes: Buffer): Parsed {
  const text = bytes.toString("utf8").replace(/^\ufeff/, "");
  const json = parseExactly(text, withinContent);
  return json === undefined ? refuse(faultOf(text)) : { json };
}

function faultOf(text: string): string {
  if (text.trim() === "") return "The body is empty; JSON is expected.";
  const { position, line, column, atEnd } = findJsonFault(text);
  const what = atEnd ? "it ends too early," : "unexpected character";
  return `The body is not valid JSON: ${what} at position ${position} (line ${line}, column ${column}).`;
}
