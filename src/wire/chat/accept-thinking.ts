import type { ThinkingPart } from "../../model/request.ts";
import { type JsonObject, listOf } from "../json.ts";
import { ownOfReasoning } from "./own-of-message.ts";
import { reasoningText } from "./reasoning.ts";
import { heardSeals } from "./seal.ts";

/**
 * The thinking of an assistant's message: each piece with the seal that was made for it. Anthropic refuses a seal whose text is missing or
 * another one's.
 */
export function acceptThinking(message: JsonObject): readonly ThinkingPart[] {
  const [first, ...more] = sealedThinking(message);
  if (first === undefined) return [];
  // What fcc sealed itself is in the form that fcc gave it.
  const isOurs = [first, ...more].some(({ seal }) => seal?.maker !== undefined);
  return isOurs ? [first, ...more] : [{ ...first, ...ownOfReasoning(message) }, ...more];
}

function sealedThinking(message: JsonObject): readonly ThinkingPart[] {
  const text = reasoningText(message);
  const sealed = heardSeals(listOf(message.reasoning_details));
  // OpenRouter's SDK shows "[REDACTED]" for what is sealed, and sends that back beside it.
  const isOther = !sealed.every((part) => text.includes(part.text));
  if (isOther || text === sealed.map((part) => part.text).join("")) return sealed;
  // Not all of it was sealed: what the client shows goes before its seals.
  const [first, ...more] = sealed;
  return [{ type: "thinking", ...first, text }, ...more.map((part) => ({ ...part, text: "" }))];
}
