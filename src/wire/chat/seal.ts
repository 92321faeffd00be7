import type { Seal } from "../../model/opaque.ts";
import type { ThinkingPart } from "../../model/request.ts";
import { openEnvelope, sealIn, toEnvelope } from "../envelope.ts";
import { isObject, type JsonObject, objectOf, parseJson, textOf } from "../json.ts";

/**
 * What this wire seals. A provider of reasoning details wants the whole list back unmodified and in order (OpenRouter, MiniMax); Gemini's
 * OpenAI endpoint wants the signature back on the very call that carried it. The latter rides on an empty thinking part before the call.
 */
export type Sealed = { readonly details: readonly JsonObject[] } | { readonly signature: string };

export function sealDetails(details: readonly JsonObject[]): Seal {
  return { wire: "chat", value: JSON.stringify({ reasoning_details: details }) };
}

export function sealSignature(signature: string): Seal {
  return { wire: "chat", value: JSON.stringify({ thought_signature: signature }) };
}

/** Where a call carries its signature: Google's place, or that of a proxy before it. */
export function callSignature({ extra_content: extra, provider_specific_fields: fields }: JsonObject): string | undefined {
  return textOf(objectOf(objectOf(extra).google).thought_signature) ?? textOf(objectOf(fields).thought_signature);
}

/** The signature on its call, as Google writes it. */
export function signatureFields(signature: string | undefined): { readonly extra_content?: object } {
  return signature === undefined ? {} : { extra_content: { google: { thought_signature: signature } } };
}

/** What is in a seal of this wire. */
export function openSeal(seal: Seal): Sealed | undefined {
  if (seal.wire !== "chat") return undefined;
  const value = parseJson(seal.value);
  if (!isObject(value)) return undefined;
  if (Array.isArray(value.reasoning_details)) return { details: value.reasoning_details.filter(isObject) };
  const signature = textOf(value.thought_signature);
  return signature === undefined ? undefined : { signature };
}

/**
 * Through a client of this wire a seal rides as an entry of `reasoning_details`, which clients made for OpenRouter send back as it is, and in
 * place of the text beside it: so it holds the text that it was made for.
 */
export function tellSeal(seal: Seal, text: string): readonly JsonObject[] {
  return [{ type: "reasoning.encrypted", data: toEnvelope(text === "" ? seal : { ...seal, text }) }];
}

/** What is sealed in a client's `reasoning_details`: ours unwrapped, that of a provider behind another proxy together as one. */
export function heardSeals(details: readonly unknown[]): ThinkingPart[] {
  const heard: ThinkingPart[] = [];
  const foreign: JsonObject[] = [];
  for (const entry of details) {
    if (!isObject(entry)) continue;
    const content = openEnvelope(textOf(entry.data) ?? "");
    const own = sealIn(content);
    if (own === undefined) foreign.push(entry);
    else heard.push({ type: "thinking", text: textOf(content?.text) ?? "", seal: own });
  }
  if (foreign.length > 0) heard.push({ type: "thinking", text: "", seal: sealDetails(foreign) });
  return heard;
}
