import { callsFromJson, looseJson } from "./call.ts";
import { calls, endsWith, type Family } from "./family.ts";
import { argumentKeyCalls, functionCalls, invokeCalls } from "./xml-call.ts";

/** Hermes and Qwen (JSON), Qwen3-Coder (XML), GLM (keys and values): all between the same tags. */
export const toolCallTags: Family = {
  open: ["<tool_call>"],
  close: ["</tool_call>"],
  settled: (before) => {
    const head = before.slice(0, 200).trimStart();
    if (head.startsWith("<function=")) return endsWith("</function>", "</parameter>")(before);
    if (/^[{[]/.test(head)) return endsWith("}", "]")(before);
    return !before.includes("<arg_key>") || endsWith("</arg_value>")(before);
  },
  read: (body) => {
    const text = body.trim().replace(/^```(?:json)?\s*|\s*```$/g, "");
    if (text.startsWith("<function=")) return calls(functionCalls(text));
    if (/^[{[]/.test(text)) {
      // A second opener without a closer between: two calls in one reach.
      const parts = text.split(/\s*<tool_call>\s*/);
      const found = parts.map((part) => callsFromJson(looseJson(part)));
      return found.every((call) => call !== undefined) ? { calls: found.flat() } : undefined;
    }
    return calls(argumentKeyCalls(text));
  },
};

export const functionTag: Family = {
  open: ["<function="],
  close: ["</function>"],
  settled: (before) => endsWith("</parameter>", "}")(before) || !before.includes("<parameter="),
  read: (body) => calls(functionCalls(`<function=${body}`)),
};

export const seed: Family = {
  open: ["<seed:tool_call>"],
  close: ["</seed:tool_call>"],
  settled: endsWith("</function>"),
  read: (body) => calls(functionCalls(body)),
};

const invokeTags = (open: string, close: string): Family => ({
  open: [open],
  close: [close],
  settled: endsWith("</invoke>"),
  read: (body) => calls(invokeCalls(body)),
});
export const minimax = invokeTags("<minimax:tool_call>", "</minimax:tool_call>");
export const functionCallsTag = invokeTags("<function_calls>", "</function_calls>");
export const invoke: Family = {
  open: ["<invoke name="],
  close: ["</invoke>"],
  settled: (before) => endsWith("</parameter>")(before) || !before.includes("<parameter"),
  read: (body) => calls(invokeCalls(`<invoke name=${body}`)),
};
