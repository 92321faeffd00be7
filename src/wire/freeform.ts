import { freeformParameter } from "./freeform-tool.ts";
import { isObject, type JsonObject, parseJson } from "./json.ts";

/**
 * The text of a freeform tool out of the JSON arguments in which a model writes it: `{"input":"..."}`, piece by piece as it comes.
 * Models depart from the one parameter they were given: another name, a bare JSON string, or the raw text. Whatever is not the
 * expected form is kept back until the end and read then.
 */
export function createFreeformReader() {
  let state: "head" | "text" | "other" | "over" = "head";
  /** All that came, as long as it is not known to be the expected form. */
  const kept: string[] = [];
  const decode = createStringDecoder();

  const read = (json: string): string => {
    const { text, closed } = decode(json);
    if (closed) state = "over";
    return text;
  };
  return {
    /** The text that these further arguments bring. */
    push(json: string): string {
      if (state === "text") return read(json);
      if (state === "over") return "";
      kept.push(json);
      if (state === "other") return "";
      const start = kept.join("");
      const match = head.exec(start);
      if (match !== null) {
        state = "text";
        return read(start.slice(match[0].length));
      }
      if (start.length > longestHead) state = "other";
      return "";
    },
    /** What was kept back, and whether the arguments were complete. */
    end(): { readonly text: string; readonly whole: boolean } {
      if (state === "over" || state === "text") return { text: decode("", true).text, whole: state === "over" };
      return readOther(kept.join(""));
    },
  };
}

/** What stands before the text in the expected form, or before a bare string. */
const head = new RegExp(`^\\s*(?:\\{\\s*"${freeformParameter}"\\s*:\\s*)?"`);
/** What is longer is another form. */
const longestHead = 256;

function readOther(json: string): { readonly text: string; readonly whole: boolean } {
  if (json.trim() === "") return { text: "", whole: true };
  const value = parseJson(json);
  // Not JSON: the model wrote the text itself. An object that broke off is neither.
  if (value === undefined) return { text: json, whole: !/^\s*\{\s*(?:"|$)/.test(json) };
  if (!isObject(value)) return { text: typeof value === "string" ? value : json, whole: true };
  // A call without arguments comes as `{}`.
  if (Object.keys(value).every((key) => key === freeformParameter && value[key] === null)) return { text: "", whole: true };
  const input = value[freeformParameter] ?? value["patch"] ?? onlyValue(value);
  if (typeof input === "string") return { text: input, whole: true };
  // An object in the place of the text, or a text that is one: a file of JSON.
  return { text: freeformParameter in value ? JSON.stringify(input) : json, whole: true };
}

function onlyValue(value: JsonObject): unknown {
  const [only, ...others] = Object.values(value);
  return others.length === 0 ? only : undefined;
}

const simple: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", '"': '"', "\\": "\\", "/": "/" };

/** The inside of a JSON string (RFC 8259, 7), from after its opening quote. Keeps back escapes and surrogate pairs that are not whole yet. */
function createStringDecoder(): (json: string, last?: boolean) => { readonly text: string; readonly closed: boolean } {
  let rest = "";
  let high = "";
  return (json, last = false) => {
    const source = rest + json;
    rest = "";
    let text = high;
    let closed = false;
    high = "";
    let at = 0;
    while (at < source.length) {
      let next = at;
      while (next < source.length && source[next] !== "\\" && source[next] !== '"') next++;
      text += source.slice(at, next);
      at = next;
      if (at >= source.length) break;
      if (source[at] === '"') {
        closed = true;
        break;
      }
      const letter = source[at + 1];
      const length = letter === "u" ? 6 : 2;
      if (at + length > source.length) {
        if (!last) rest = source.slice(at);
        break;
      }
      const code = letter === "u" ? source.slice(at + 2, at + 6) : "";
      if (letter === "u" && /^[0-9a-fA-F]{4}$/.test(code)) text += String.fromCharCode(Number.parseInt(code, 16));
      // An escape that JSON does not know is text that the model forgot to escape.
      else text += simple[letter ?? ""] ?? source.slice(at, at + length);
      at += length;
    }
    const tail = text.charCodeAt(text.length - 1);
    if (!closed && !last && tail >= 0xd800 && tail <= 0xdbff) {
      high = text.slice(-1);
      text = text.slice(0, -1);
    }
    return { text, closed };
  };
}
