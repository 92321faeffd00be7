import { isCall } from "../../model/calls.ts";
import { append } from "../../model/lists.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { AssistantPart, AssistantTurn, TextPart, ThinkingPart, ToolCallPart } from "../../model/request.ts";
import type { OpenContext } from "../../model/wire.ts";
import { argumentsInHistory } from "../arguments-in-history.ts";
import { isSealFor } from "../envelope.ts";
import { isObject, type JsonObject } from "../json.ts";
import { ownFields } from "../own-fields.ts";

/** An assistant turn as items. Texts in a row are one message; its phase comes before it as a part of its own. */
export function writeAssistant(turn: AssistantTurn, context: OpenContext): JsonObject[] {
  const items: JsonObject[] = [];
  let texts: JsonObject[] | undefined;
  let phase: JsonObject = {};
  for (const part of turn.parts) {
    if (part.type === "text") {
      if (texts === undefined) {
        texts = [];
        items.push({ ...message(texts), ...phase });
        phase = {};
      }
      texts.push(writeText(part));
      continue;
    }
    texts = undefined;
    const own = part.type === "opaque" && part.wire === "responses" && isObject(part.value) ? part.value : undefined;
    if (own?.type !== "phase") append(items, writeAssistantPart(part, context));
    else if (context.quirks.refusedFields?.includes("phase") !== true) phase = { phase: own.phase };
  }
  // "Item of type 'reasoning' was provided without its required following item": OpenAI, of a reply that was cut there.
  while (items.at(-1)?.type === "reasoning") items.pop();
  const lacks = items.length > 0 && mustReason(turn, context.quirks) && !items.some(({ type }) => type === "reasoning");
  return lacks ? [reasoningText(context.quirks.noReasoning ?? " "), ...items] : items;
}

/** DeepSeek demands reasoning in each turn, of whichever model, and takes an empty text for none (Wei-Shaw/sub2api#7283). */
function mustReason({ parts }: AssistantTurn, { reasoningField, reasoningTurns }: Quirks): boolean {
  if (reasoningField !== "reasoning_content") return false;
  return reasoningTurns === "all" || (reasoningTurns === "calls" && parts.some(isCall));
}

const reasoningText = (text: string): JsonObject => ({ type: "reasoning", summary: [], content: [{ type: "reasoning_text", text }] });

const message = (content: readonly JsonObject[]): JsonObject => ({ type: "message", role: "assistant", content });
const outputText = (text: string): JsonObject => ({ type: "output_text", text });

function writeText(part: TextPart): JsonObject {
  const own = ownFields(part, "responses");
  return own.type === "refusal" ? { ...own, refusal: part.text } : { ...outputText(part.text), ...own };
}

function writeAssistantPart(part: Exclude<AssistantPart, TextPart>, context: OpenContext): JsonObject[] {
  switch (part.type) {
    case "thinking":
      return writeThinking(part, context);
    case "tool-call":
      return [writeCall(part)];
    case "opaque":
      // A server that runs no tools of its own does not know their calls either.
      if (part.wire === "responses" && context.quirks.hostedTools !== false) return isObject(part.value) ? [part.value] : [];
      return part.text ? [message([outputText(part.text)])] : [];
  }
}

/** With its text where it is free. */
function writeCall(part: ToolCallPart): JsonObject {
  const own = ownFields(part, "responses");
  const called = { call_id: part.id, name: part.name };
  if (own.type !== undefined) return { ...own, ...called };
  return { type: "function_call", ...called, arguments: argumentsInHistory(part.arguments), ...own };
}

function writeThinking({ seal, text }: ThinkingPart, { maker, quirks }: OpenContext): JsonObject[] {
  // A provider checks its reasoning against the seal; without it, or from another model, it refuses the item.
  if (isSealFor(seal, "responses", maker) && quirks.refusedFields?.includes("encrypted_content") !== true)
    return [{ type: "reasoning", summary: text === "" ? [] : [{ type: "summary_text", text }], encrypted_content: seal.value }];
  // DeepSeek seals nothing, and asks for the text.
  if (quirks.reasoningField !== "reasoning_content" || text === "") return [];
  return [reasoningText(text)];
}
