import { isObject, parseJson } from "../../model/json.ts";
import { allOf, namedCall, type WrittenCall } from "./call.ts";
import { looseJson } from "./loose-json.ts";

/** One newline after the opening tag and one before the closing tag belong to the markup, which may be indented; the rest to the value. */
const bare = (value: string): string =>
  /^\r?\n/.test(value) ? value.replace(/^\r?\n/, "").replace(/\r?\n[ \t]*$/, "") : value.replace(/\r?\n$/, "");
/** Where templates put none, only a pair is the model's own habit; one alone belongs to the value, as at the end of a file. */
export const unpaired = (value: string): string => (/^\r?\n/.test(value) && /\n$/.test(value) ? bare(value) : value);

const unquoted = (text: string): string | undefined => /^["']?([^"']+)["']?$/.exec(text.trim())?.[1];
/** Without this closing tag at its end, where it has one. */
const withoutEnd = (text: string, closer: string): string => {
  const trimmed = text.trimEnd();
  return trimmed.endsWith(closer) ? trimmed.slice(0, -closer.length) : text;
};

const callTags = ["<tool_call>", "</tool_call>", "</function>"];
/** Without what stands between two calls. */
function withoutCallTags(text: string): string {
  for (let end = text.length; ; ) {
    while (end > 0 && text.charAt(end - 1).trim() === "") end -= 1;
    const tag = callTags.find((one) => text.endsWith(one, end));
    if (tag === undefined) return text.slice(0, end);
    end -= tag.length;
  }
}

/** A tag begins a line, or follows another; elsewhere it stands in a value. */
const functionTags = /(?=<function=)(?<=(?:^|[\n>])[ \t]*)<function=/;
const parameterTags = /(?=<parameter=)(?<=(?:^|[\n>])[ \t]*)<parameter=/;

/**
 * `<function=NAME><parameter=KEY>VALUE</parameter></function>` (Qwen3-Coder, Seed-OSS, Nemotron) or `<function=NAME>{...}` (Llama). `toValue`:
 * what of the text between two tags is the value.
 */
export function functionCalls(text: string, toValue = bare): readonly WrittenCall[] | undefined {
  const pieces = text.split(functionTags).slice(1);
  return allOf(pieces.map((piece, at) => functionCall(piece, at === pieces.length - 1, toValue)));
}

function functionCall(piece: string, isLast: boolean, toValue: typeof bare): WrittenCall | undefined {
  // Llama on Groq forgets the tag's end: `<function=NAME{...}`.
  const [head, name] = /^\s*["']?([^"'>\s{]+?)["']?\s*(?:>|(?=\{))/.exec(piece) ?? [];
  if (head === undefined || name === undefined) return undefined;
  const body = piece.slice(head.length);
  const inside = withoutCallTags(body);
  if (/^\s*\{/.test(inside)) return namedCall(name, inside);
  // The last value was cut: the rest of a command may be missing.
  if (isLast && /<parameter=/.test(inside) && inside === body.trimEnd() && !/<\/parameter>$/.test(inside)) return undefined;
  const parameters = inside.split(parameterTags).slice(1);
  if (parameters.length === 0) return inside.trim() === "" ? { name, arguments: { members: [] } } : undefined;
  const members = allOf(parameters.map((text) => parameterMember(text, toValue)));
  return members === undefined ? undefined : { name, arguments: { members } };
}

function parameterMember(text: string, toValue: typeof bare): readonly [string, string] | undefined {
  const end = text.indexOf(">");
  const key = unquoted(text.slice(0, Math.max(end, 0)));
  return key === undefined ? undefined : [key, toValue(withoutEnd(text.slice(end + 1), "</parameter>"))];
}

/** The names of a call's tags and of its arguments', as patterns. */
interface InvokeTags {
  readonly call: string;
  readonly parameter: string;
  /** What was put into the tags, and is taken out of those that turn out to stand in a value. */
  readonly mark?: string;
}
/** `space`: what stands before the names. */
export const invokeTags = (space = ""): InvokeTags => ({ call: `${space}invoke`, parameter: `${space}parameter` });
const opened = (tag: string): RegExp => new RegExp(`<${tag}(?=\\s+name\\b)`);
const lastOf = (text: string, pattern: string): number => {
  let at = -1;
  for (const match of text.matchAll(new RegExp(pattern, "g"))) at = match.index;
  return at;
};

/** `<invoke name="NAME"><parameter name="KEY" string="false">VALUE</parameter></invoke>`: MiniMax, DeepSeek's DSML, Anthropic's old form. */
export function invokeCalls(text: string, tags = invokeTags()): readonly WrittenCall[] | undefined {
  const pieces = text.split(opened(tags.call)).slice(1);
  return allOf(pieces.map((piece) => invokeCall(piece, tags)));
}

function invokeCall(piece: string, tags: InvokeTags): WrittenCall | undefined {
  const [head, quoted = ""] = /^\s+name\s*=([^>]+)>/.exec(piece) ?? [];
  const name = unquoted(quoted);
  if (head === undefined || name === undefined) return undefined;
  const body = piece.slice(head.length);
  const [before = "", ...parameters] = body.split(opened(tags.parameter));
  const callEnd = new RegExp(`</${tags.call}>\\s*$`);
  const unmarked = (text: string) => (tags.mark === undefined ? text : text.replaceAll(tags.mark, ""));
  // SGLang has DeepSeek write JSON there, where a call is demanded. Words are no arguments: the tag is spoken of.
  const inside = unmarked(before.replace(callEnd, "")).trim();
  if (parameters.length === 0 && inside !== "") return isObject(parseJson(inside)) ? namedCall(name, inside) : undefined;
  // The last value was cut, as above.
  if (lastOf(body, `<${tags.parameter}\\b`) > lastOf(body, `</(?:${tags.parameter}|${tags.call})>`)) return undefined;
  const members: (readonly [string, string])[] = [];
  const json: Record<string, unknown> = {};
  for (const parameter of parameters) {
    const key = /^\s+name\s*=\s*["']?([^"'>\s]+?)["']?(?:\s+string\s*=\s*["']?(true|false)["']?)?\s*>/.exec(parameter);
    if (key?.[1] === undefined) return undefined;
    const end = lastOf(parameter, `</${tags.parameter}>`);
    const written = end < 0 ? undefined : unmarked(parameter.slice(key[0].length, end));
    const value = written === undefined ? bare(unmarked(parameter.slice(key[0].length).replace(callEnd, ""))) : unpaired(written);
    // DSML says itself which values are strings and which are JSON.
    if (key[2] === "true") json[key[1]] = written ?? value;
    else if (key[2] === "false") json[key[1]] = looseJson(value) ?? value;
    else members.push([key[1], value]);
  }
  if (members.length > 0 && Object.keys(json).length === 0) return { name, arguments: { members } };
  return { name, arguments: { value: { ...Object.fromEntries(members), ...json } } };
}

/** `NAME<arg_key>KEY</arg_key><arg_value>VALUE</arg_value>`: GLM 4.5 and later. `mark`: what stands behind the tags' names. */
export function argumentKeyCall(text: string, mark = ""): WrittenCall | undefined {
  const [name = "", ...pairs] = text.split(`<arg_key${mark}>`);
  if (!/^\s*[\w.:/-]+\s*$/.test(name)) return undefined;
  // GLM 5 forgets the value's opening tag under load.
  const pairTags = new RegExp(`^([^]*?)</arg_key${mark}>(?:\\s*<arg_value${mark}>)?([^]*?)(</arg_value${mark}>\\s*)?$`);
  const members: (readonly [string, string])[] = [];
  for (const pair of pairs) {
    const match = pairTags.exec(pair);
    if (match?.[1] === undefined || match[2] === undefined) return undefined;
    const value = withoutEnd(match[2], "</tool_call>");
    if (match[3] === undefined && pair === pairs.at(-1) && value === match[2]) return undefined;
    members.push([match[1].trim(), match[3] === undefined ? bare(value) : unpaired(match[2])]);
  }
  return { name: name.trim(), arguments: { members } };
}
