import type { WireName } from "../model/opaque.ts";
import { outputLimits } from "./asked-output.ts";
import { isObject, type JsonObject, objectOf } from "./json.ts";
import { withoutFields } from "./without-fields.ts";

/** What a body says of how the model is to work, and not of what. */
export type Setting = "thinking" | "effort" | "sampling" | "limit" | "stream";

/** Chat has many fields for how the model reasons, and servers that know some of them. */
const chatThinking = ["thinking", "enable_thinking", "think", "chat_template_kwargs.enable_thinking", "chat_template_kwargs.thinking"];
const chatEffort = [
  ...["reasoning_effort", "reasoning.effort", "reasoning.enabled", "reasoning.max_tokens"],
  "chat_template_kwargs.reasoning_effort",
];
export const chatReasoning: readonly string[] = [...chatThinking, ...chatEffort];
const sampling = ["temperature", "top_p", "top_k"];
const streaming = ["stream", "stream_options"];
/** By which fields each wire says it. */
const fields: Readonly<Record<WireName, Readonly<Record<Setting, readonly string[]>>>> = {
  messages: { thinking: ["thinking"], effort: ["output_config.effort"], sampling, limit: ["max_tokens"], stream: ["stream"] },
  chat: { thinking: chatThinking, effort: chatEffort, sampling, limit: outputLimits, stream: streaming },
  responses: { thinking: [], effort: ["reasoning.effort"], sampling, limit: outputLimits, stream: streaming },
};

/** What stands in for a conversation where only the settings of a body are to be read. */
const conversations: Readonly<Record<WireName, JsonObject>> = {
  messages: { messages: [{ role: "user", content: "-" }], system: [], tools: [], compaction: null },
  chat: {
    ...{ messages: [{ role: "user", content: "-" }], tools: null, functions: null, n: null },
    ...{ tool_choice: null, function_call: null },
  },
  responses: {
    ...{ input: "-", instructions: null, tools: [], tool_choice: null },
    ...{ previous_response_id: null, background: null, conversation: null, prompt: null },
  },
};

/** A body with its settings alone: what a model is to be told does not matter for them, and may be megabytes. */
export function settingsOf(wire: WireName, body: JsonObject): JsonObject {
  return { ...body, ...conversations[wire] };
}

/** A body with a setting as it stands in another one of the same request; whatever else is in the same objects stays. */
export function withSetting(wire: WireName, body: JsonObject, setting: Setting, other: JsonObject): JsonObject {
  return fields[wire][setting].reduce((changed, path) => withFieldOf(changed, path.split("."), other), body);
}

/**
 * A body with what another one of the same request says of thinking and effort, where it has no word of them itself: chat has many, and none is
 * written for a server of which nothing is known. The other wires have one each, which always is.
 */
export function withReasoningOf(wire: WireName, body: JsonObject, other: JsonObject): JsonObject {
  if (wire !== "chat") return body;
  const paths = chatReasoning.map((path) => path.split("."));
  const isIn = (all: JsonObject, [name = "", inside]: readonly string[]) =>
    (inside === undefined ? all[name] : objectOf(all[name])[inside]) !== undefined;
  if (paths.some((path) => isIn(body, path))) return body;
  return paths.filter((path) => isIn(other, path)).reduce((changed, path) => withFieldOf(changed, path, other), body);
}

function withFieldOf(body: JsonObject, [name = "", inside]: readonly string[], other: JsonObject): JsonObject {
  if (inside !== undefined) {
    const value = objectOf(other[name])[inside];
    if (value === undefined) return withoutFields(body, [`${name}.${inside}`]);
    return { ...body, [name]: { ...objectOf(body[name]), [inside]: value } };
  }
  const value = other[name];
  if (value === undefined) return withoutFields(body, [name]);
  return { ...body, [name]: name === "thinking" ? thinkingLike(objectOf(body[name]), value) : value };
}

/** How thinking is shown stays, unless it is switched off: beside that nothing else may be said of it. */
function thinkingLike({ budget_tokens: _, ...own }: JsonObject, other: unknown): unknown {
  return isObject(other) && other.type !== "disabled" && other.type !== "between_tools" ? { ...own, ...other } : other;
}
