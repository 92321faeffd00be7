import { isObject, type JsonObject, pieceOf, textOf, textsOf } from "../json.ts";

/**
 * The reasoning in a delta or message. Hosts that renamed the field send both with the same text, and OpenRouter says it a third time
 * in `reasoning_details`; so one is taken, in this order.
 */
export function reasoningText(delta: JsonObject): string {
  const text =
    pieceOf(delta.reasoning_content) ?? pieceOf(unwrapped(delta.reasoning)) ?? textOf(delta.reasoning_text) ?? textOf(delta.thinking);
  if (text !== undefined) return text;
  let joined = "";
  for (const detail of reasoningDetails(delta)) joined += textOf(detail.text) ?? textOf(detail.summary) ?? "";
  return joined;
}

/** Codex, while it spoke this wire, met servers that put the text into an object (its `streams_reasoning_from_object_delta`). */
function unwrapped(reasoning: unknown): unknown {
  return isObject(reasoning) ? (reasoning.text ?? reasoning.content) : reasoning;
}

export function reasoningDetails(delta: JsonObject): readonly JsonObject[] {
  return Array.isArray(delta.reasoning_details) ? delta.reasoning_details.filter(isObject) : none;
}

const none: readonly JsonObject[] = [];

/** What a part of a content thinks, in the form of Mistral ("thinking") or Databricks ("reasoning", with a summary); undefined for any other part. */
export function thoughtIn({ type, thinking, text, summary }: JsonObject): string | undefined {
  if (type !== "thinking" && type !== "reasoning") return undefined;
  return textOf(thinking) ?? textOf(text) ?? textsOf(thinking ?? summary);
}
