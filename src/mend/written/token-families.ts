import { isObject } from "../../model/json.ts";
import { jsonEnd } from "../../model/json-end.ts";
import { append } from "../../model/lists.ts";
import { allOf, callFromJson, callsFromJson, namedCall, type WrittenCall } from "./call.ts";
import { calls, endsWith, type Family, type Written } from "./family.ts";
import { looseJson } from "./loose-json.ts";
import { pythonCalls } from "./python-call.ts";
import { invokeCalls, invokeTags } from "./xml-call.ts";

/**
 * The bars are U+FF5C in what the model writes; V4 doubles them on DeepSeek's own API, and others write them in ASCII. GigaChat 3.5 has a word
 * of its own between them. V4.1 has a space before the names of its tags.
 */
const dsmlFrames = ["｜DSML｜", "|DSML|", "｜｜DSML｜｜", "||DSML||", "｜GCML｜", "｜DSML｜ ", "|DSML| "];
const dsmlTags = (start: string, ...ends: readonly string[]): readonly string[] =>
  dsmlFrames.flatMap((frame) => ends.map((end) => `${start}${frame}${end}`));
const dsmlSpace = "[｜|]{1,2}(?:DS|GC)ML[｜|]{1,2} ?";
/** A value may have `<parameter>` in it, of XML: only these are the markup's. */
const dsmlNames = invokeTags(dsmlSpace);
const dsmlAt = (name: string): RegExp => new RegExp(dsmlSpace + name);

/** DeepSeek V3.2 and later. */
export const dsml: Family = {
  // The last two are how V4 misspells the first.
  open: dsmlTags("<", "tool_calls>", "function_calls>", "calls>", "toolcalls>", "tool>"),
  close: dsmlTags("</", "tool_calls>", "function_calls>", "calls>"),
  settled: ({ end }) => dsmlCallEnd.test(end),
  read: (body) => calls(invokeCalls(body, dsmlNames)),
  inThinking: true,
};
const dsmlCallEnd = dsmlAt("invoke>\\s*$");

/** Far into a conversation DeepSeek V4 leaves the outer tag out, and often its closer comes all the same. */
export const dsmlInvoke: Family = {
  open: dsmlTags("<", "invoke name="),
  close: dsmlTags("</", "invoke>"),
  settled: ({ end, valued }) => !valued || dsmlValueEnd.test(end),
  value: dsmlAt("parameter"),
  read: (body, opener) => calls(invokeCalls(opener + body, dsmlNames)),
  inThinking: true,
};
const dsmlValueEnd = dsmlAt("parameter>\\s*$");
export const dsmlParameterClosers = dsmlTags("</", "parameter>");

/** DeepSeek's tokens have full-width bars and low lines, or ASCII ones where somebody normalised them. */
const token = (name: string): string => `<[｜|]${name.replaceAll("_", "[▁_]")}[｜|]>`;
const callBegin = new RegExp(token("tool_call_begin"));
const callEnd = new RegExp(token("tool_call_end"));
const parted = new RegExp(`^([^]*?)(?:${token("tool_sep")}|<\\|tool_call_argument_begin\\|>)([^]*?)(?:${callEnd.source}[^]*)?$`);

/** Calls between tokens; what stands behind the last is text, where no token ends them together. */
function readSection(body: string, opener: string): Written | undefined {
  // A section of no calls says nothing.
  if (body.trim() === "" && !callBegin.test(opener)) return { calls: [] };
  const [, ...pieces] = (opener + body).split(callBegin);
  const [, ...behind] = body.split(callEnd);
  const rest = behind.at(-1) ?? "";
  return calls(allOf(pieces.map(sectionCall)), rest.trim() === "" ? "" : rest);
}

function sectionCall(piece: string): WrittenCall | undefined {
  const [, before, json] = parted.exec(piece) ?? [];
  if (before === undefined || json === undefined) return undefined;
  const body = json.trimEnd();
  const fenced = body.endsWith("```") ? /^([^\n]*)\n\s*```(?:json)?([\s\S]*)$/.exec(body.slice(0, -"```".length)) : null;
  const [, name = before, inside = json] = fenced ?? [];
  const call = namedCall(name.trim(), inside.trim() || "{}");
  return call !== undefined && /:\d+$/.test(call.name) ? { ...call, id: call.name } : call;
}

/** DeepSeek V3 and R1 (`function<sep>NAME` and a fence), V3.1 (`NAME<sep>{...}`). */
export const deepseek: Family = {
  open: ["<｜tool▁calls▁begin｜>", "<|tool▁calls▁begin|>", "<|tool_calls_begin|>", "<｜tool▁call▁begin｜>", "<|tool▁call▁begin|>"],
  // The last is the turn's: a fence among the calls hides it from what takes such tokens off the end of a text.
  close: ["<｜tool▁calls▁end｜>", "<|tool▁calls▁end|>", "<|tool_calls_end|>", "<｜end▁of▁sentence｜>"],
  read: readSection,
};

/**
 * Kimi K2, which shares a token with DeepSeek's ASCII spelling: the id is `functions.NAME:INDEX`, and the model wants it back. On Bedrock its calls
 * often stand in its reasoning.
 */
export const kimi: Family = {
  // The second is how the model itself misspells the first.
  open: ["<|tool_calls_section_begin|>", "<|tool_call_section_begin|>", "<|tool_call_begin|>"],
  close: ["<|tool_calls_section_end|>", "<|tool_call_section_end|>"],
  read: readSection,
  inThinking: true,
};

/**
 * Mistral: `[TOOL_CALLS][{...}]`, later `[TOOL_CALLS]NAME[CALL_ID]id[ARGS]{...}`, each call with its own marker. The model may write a name
 * before its marker: `bash[TOOL_CALLS]{...}` (vLLM, tests/parser/mistral/test_tool_calls.py).
 */
export const mistral: Family = {
  open: ["[TOOL_CALLS]"],
  close: [],
  begins: /^\s*(?:$|[[{]|[\w.:/-]+\s*(?:$|\{|\[(?:$|[AC])))/,
  read: (body, _opener, word = "") => mistralCalls(body) ?? (word === "" ? undefined : mistralCalls(word + body)),
};

const mistralHead =
  /^\s*(?:\[TOOL_CALLS\]\s*)?(?:([\w.:/-]+)(?:\[TOOL_CALLS\])?\s*(?:\[CALL_ID\]([^[\]{}]*))?(?:\[ARGS\]\s*)?(?=\{)|(?=[[{]))/;

function mistralCalls(text: string): Written | undefined {
  const found: WrittenCall[] = [];
  let rest = text;
  for (let head = mistralHead.exec(rest); head !== null; head = mistralHead.exec(rest)) {
    const from = head[0].length;
    const to = jsonEnd(rest, from) ?? rest.length;
    const json = rest.slice(from, to);
    const [, name, id] = head;
    const read = name === undefined ? callsFromJson(looseJson(json)) : allOf([namedCall(name, json)]);
    if (read === undefined) return undefined;
    append(
      found,
      read.map((call) => (id ? { ...call, id: id.trim() } : call)),
    );
    rest = rest.slice(to);
  }
  return found.length > 0 ? { calls: found, rest: rest.replace(/^\s*<\/s>\s*$/, "") } : undefined;
}

/** Apertus: a list of objects, each with the arguments under the tool's name. */
export const apertus: Family = {
  open: ["<|tools_prefix|>"],
  close: ["<|tools_suffix|>"],
  settled: endsWith("]"),
  read: (body) => {
    const list = looseJson(body.trim());
    const named = Array.isArray(list) ? list.map((one) => (isObject(one) ? Object.entries(one) : [])) : [];
    const found = named.map(([first, ...more]) =>
      more.length > 0 ? undefined : callFromJson({ name: first?.[0], arguments: first?.[1] }),
    );
    return calls(allOf(found));
  },
};

const plamoToken = (name: string): string => `<|plamo:${name}:plamo|>`;
const plamoCall =
  /^\s*<\|plamo:begin_tool_name:plamo\|>([^<]*)<\|plamo:end_tool_name:plamo\|>\s*<\|plamo:begin_tool_arguments:plamo\|>(?:(?:<\|plamo:constrain\|>json)?<\|plamo:msg\|>)?([\s\S]*)<\|plamo:end_tool_arguments:plamo\|>/;

/** PLaMo 3: a name and JSON, each between tokens of its own. */
export const plamo: Family = {
  open: [plamoToken("begin_tool_requests")],
  close: [plamoToken("end_tool_requests")],
  begins: /^\s*(?:$|<)/,
  settled: endsWith(plamoToken("end_tool_request")),
  read: (body) => {
    const pieces = body.split(plamoToken("begin_tool_request")).slice(1);
    const found = pieces.map((piece) => {
      const [, name, json] = plamoCall.exec(piece) ?? [];
      return name === undefined || json === undefined ? undefined : namedCall(name.trim(), json);
    });
    return calls(allOf(found));
  },
};

/** Llama 3: JSON, several separated by semicolons, or a built-in tool in Python's spelling. Llama 4: a list of Python's. */
export const pythonTag: Family = {
  open: ["<|python_tag|>", "<|python_start|>"],
  close: ["<|eom_id|>", "<|eot_id|>", "<|python_end|>"],
  read: (body) => {
    const text = body.trim();
    return (/^[{[]/.test(text) ? bareJson(text) : undefined) ?? calls(pythonCalls(text));
  },
};

/** JSON values one after another and nothing else; each must say its arguments, or any object with a name would be a call. */
export function bareJson(text: string): Written | undefined {
  const found: WrittenCall[] = [];
  let at = 0;
  while (at < text.length) {
    // Small models of Llama put the token before each of their calls.
    const gap = /^(?:[\s;,]|<\|python_tag\|>)*/.exec(text.slice(at))?.[0].length ?? 0;
    at += gap;
    if (at >= text.length) break;
    const end = jsonEnd(text, at);
    if (end === undefined) return undefined;
    const value = looseJson(text.slice(at, end));
    const items = Array.isArray(value) ? value : [value];
    const says = (item: unknown): boolean => {
      if (!isObject(item)) return false;
      const inner = isObject(item.function) ? item.function : item;
      return ["arguments", "parameters", "args", "tool_input"].some((key) => key in inner);
    };
    const read = items.every(says) ? callsFromJson(value) : undefined;
    if (read === undefined) return undefined;
    append(found, read);
    at = end;
  }
  return found.length > 0 ? { calls: found } : undefined;
}
