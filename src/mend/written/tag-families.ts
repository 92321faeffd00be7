import { allOf, callsFromJson, namedCall } from "./call.ts";
import { calls, endsValue, endsWith, type Family, jsonCalls, type Written } from "./family.ts";
import { looseJson, withoutFence } from "./loose-json.ts";
import { pythonCalls } from "./python-call.ts";
import { argumentKeyCall, functionCalls, invokeCalls, invokeTags, unpaired } from "./xml-call.ts";

/** Where a value has no end, its call's does not count as one, and the next call stands in the same reach; a value may speak of the tags. */
const keyedCalls = (text: string): Written | undefined => {
  const pieces = text.split(/(?<=<\/tool_call>)\s*<tool_call>(?=\s*[\w.:/-]+\s*(?:<arg_key>|$))/);
  return calls(allOf(pieces.map((piece) => argumentKeyCall(piece))));
};

/** A name and its arguments as JSON. */
const namedJson = /^([\w.:/-]+)\s*(?=\{)/;

/** An opener between two values of JSON; elsewhere it stands in one of their strings. */
const secondOpener = /(?=<tool_call>\s*[{[])(?<=[}\]]\s*(?:<\/tool_call>\s*)?)<tool_call>/;

/** Hermes and Qwen (JSON), Qwen3-Coder (XML), GLM (keys and values), Laguna and older GLMs (a name and JSON): all between the same tags. */
export const toolCallTags: Family = {
  open: ["<tool_call>"],
  close: ["</tool_call>"],
  begins: /^\s*(?:$|[{[<`]|[\w.:/-]+\s*(?:$|\{|<(?:$|[a/])))/,
  settled: (before) => {
    const head = before.head.trimStart();
    if (head.startsWith("<function=")) return endsWith("</function>", "</parameter>")(before);
    if (/^[{[]/.test(head) || namedJson.test(head)) return endsWith("}", "]")(before);
    return endsValue("</arg_value>")(before);
  },
  value: /<arg_key>/,
  read: (body) => {
    // Some open it twice.
    const text = withoutFence(body.trim().replace(/^<tool_call>\s*/, ""));
    if (text.startsWith("<function=")) return calls(functionCalls(text));
    if (/^[{[]/.test(text)) {
      // A second opener without a closer between: two calls in one reach.
      const parts = text.split(secondOpener);
      return calls(allOf(parts.map((part) => callsFromJson(looseJson(part.trim().replace(/<\/tool_call>$/, "")))))?.flat());
    }
    const [head, name] = namedJson.exec(text) ?? [];
    if (head === undefined || name === undefined) return keyedCalls(text);
    return calls(allOf([namedCall(name, text.slice(head.length))]));
  },
};

export const functionTag: Family = {
  open: ["<function="],
  close: ["</function>"],
  begins: /^\s*(?:["'][^"'>\s{]*["']?\s*|[^"'>\s{]+["']?\s*)?(?:$|\{|>\s*(?:$|[<{]))/,
  settled: endsValue("</parameter>", "}"),
  value: /<parameter=/,
  read: (body) => calls(functionCalls(`<function=${body}`)),
};

export const seed: Family = {
  open: ["<seed:tool_call>"],
  close: ["</seed:tool_call>"],
  settled: endsWith("</function>"),
  read: (body) => calls(functionCalls(body, unpaired)),
};

/** MiniMax M2 begins a call without ending its thoughts. */
export const minimax: Family = {
  open: ["<minimax:tool_call>"],
  close: ["</minimax:tool_call>"],
  settled: endsWith("</invoke>"),
  read: (body) => calls(invokeCalls(body)),
  inThinking: true,
};

/** What Claude writes between its own tags, and models that were trained on its words. */
const space = "antml:";
const spaced = (name: string): readonly string[] => [`<${name}`, `<${space}${name}`];
const closed = (name: string): readonly string[] => [`</${name}>`, `</${space}${name}>`];
const spacedTag = new RegExp(`<(/?)${space}`, "g");
const unspaced = (text: string): string => text.replace(spacedTag, "<$1");

/** Anthropic's old form; Olmo writes Python between the same tags. */
export const functionCallsTag: Family = {
  open: spaced("function_calls>"),
  close: closed("function_calls"),
  settled: endsWith(...closed("invoke"), ")"),
  read: (body) => calls(invokeCalls(unspaced(body)) ?? pythonCalls(body)),
};
export const invoke: Family = {
  open: spaced("invoke name="),
  close: closed("invoke"),
  begins: /^\s*(?:["'][^"'>]*|[^"'>\s][^"'>]*)?(?:["']\s*)?(?:$|>\s*(?:$|<))/,
  settled: endsValue(...closed("parameter")),
  value: /<(?:\w+:)?parameter/,
  read: (body) => calls(invokeCalls(unspaced(`<invoke name=${body}`))),
};

/** Hunyuan: JSON in its older models, names with keys and values in the newer. */
export const toolCallsTag: Family = {
  open: ["<tool_calls>"],
  close: ["</tool_calls>"],
  settled: endsWith("}", "]", "</tool_call>"),
  read: (body) => {
    if (/^\s*[{[]/.test(body)) return jsonCalls(body);
    const pieces = body.split(/<\/?tool_call>/).filter((piece) => piece.trim() !== "");
    return calls(allOf(pieces.map((piece) => argumentKeyCall(piece.replace("<tool_sep>", "")))));
  },
};

/** Step 3, whose tags have a space of their own between tokens like DeepSeek's. */
export const step: Family = {
  open: ["<｜tool_calls_begin｜>"],
  close: ["<｜tool_calls_end｜>"],
  settled: endsWith("<｜tool_call_end｜>"),
  read: (body) => calls(invokeCalls(body.replace(/<｜tool_call_(?:begin|end)｜>|<｜tool_sep｜>/g, ""), invokeTags("steptml:"))),
};

/** IQuest-Coder, as GLM. */
export const iquest: Family = {
  open: ["<iquest_tool_call>"],
  close: ["</iquest_tool_call>"],
  begins: /^\s*(?:[\w.:/-]+\s*)?(?:$|<)/,
  settled: endsValue("</arg_value>"),
  value: /<arg_key>/,
  read: (body) => calls(allOf([argumentKeyCall(body)])),
};

/** Dots, of Xiaohongshu. */
export const dots: Family = {
  open: ["<dots_function_call>"],
  close: ["</dots_function_call>"],
  begins: /^\s*(?:$|[<{[])/,
  settled: endsWith("</invoke>", "}"),
  read: (body) => calls(invokeCalls(body)) ?? jsonCalls(body),
};

/** One of the code points that are no characters (Unicode, 23.7): no model writes it. */
const mark = "\ufdd0";

const namedOpeners = ["<function name=", "<function\u0120name=", "<functionname="];

/** A value that only mentions the opening of CDATA hides no end: what follows the last call's is no part of it. */
function behindOpenCdata(body: string): string {
  const opening = body.lastIndexOf("<![CDATA[");
  if (opening < 0 || body.includes("]]>", opening)) return "";
  // The calls behind that value stand in the same reach.
  const last = Math.max(opening, ...namedOpeners.map((opener) => body.lastIndexOf(opener)));
  const text = body.slice(last);
  const end = /<\/param>\s*<\/function>/.exec(text) ?? /<\/function>/.exec(text);
  return end === null ? "" : text.slice(end.index + end[0].length);
}

/**
 * MiniCPM 5: `<function name="NAME"><param name="KEY">VALUE</param></function>`; what is CDATA in a value is no tag. The space comes as the
 * tokenizer's sign for it, or not at all (vLLM, minicpm5xml_tool_parser.py).
 */
export const namedFunction: Family = {
  open: namedOpeners,
  close: ["</function>"],
  settled: endsValue("</param>"),
  value: /<param(?:\b|\u0120?name=)/,
  raw: ["<![CDATA[", "]]>"],
  read: (text, opener) => {
    const rest = behindOpenCdata(text);
    const body = text.slice(0, text.length - rest.length);
    // From one opening to its end: past another opening each would look for the same end.
    const pieces = (opener + body).split(/<!\[CDATA\[((?:(?!<!\[CDATA\[)[\s\S])*?)\]\]>/);
    const named = pieces.map((piece, at) =>
      at % 2 === 1
        ? piece
        : piece.replace(/<(function|param)\u0120?(?=name=)/g, "<$1 ").replace(/<(\/?)(?=(?:function|param)\b)/g, `<$1${mark}`),
    );
    return calls(invokeCalls(named.join(""), { call: `${mark}function`, parameter: `${mark}param`, mark }), rest);
  },
};

/** Muse Glimmer, with its own word before each tag. */
export const glimmer: Family = {
  open: ["<atem:function_calls>"],
  close: ["</atem:function_calls>"],
  settled: endsWith("</atem:invoke>"),
  read: (body) => calls(invokeCalls(body, invokeTags("atem:"))),
};

/** K2 Horizon writes as GLM does, or JSON, with its own word before each tag; the types it may give are those that the tool asks for. */
export const horizon: Family = {
  open: ["<ifm|tool_call>"],
  close: ["</ifm|tool_call>"],
  settled: endsValue("</ifm|arg_value>", "}"),
  value: /<ifm\|arg_key>|\{/,
  read: (body, opener) =>
    toolCallTags.read(body.replace(/<ifm\|arg_type>[^<]*<\/ifm\|arg_type>/g, "").replace(/<(\/?)ifm\|(?=arg_)/g, "<$1"), opener),
};

/** Solar Open 2 writes as GLM does, in tokens of its own. */
export const solar: Family = {
  open: ["<|tool_call:start|>"],
  close: ["<|tool_call:end|>"],
  settled: endsValue("<|tool_arg:end|>"),
  value: /<\|tool_arg:start\|>/,
  read: (body) =>
    keyedCalls(
      body
        .replaceAll("<|tool_arg:start|>", "<arg_key>")
        .replaceAll("<|tool_arg:value|>", "</arg_key><arg_value>")
        .replaceAll("<|tool_arg:end|>", "</arg_value>"),
    ),
};
