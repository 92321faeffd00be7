import type { Seal } from "../../model/opaque.ts";
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

/** What is in a seal, where it may go back to this maker. */
export function openSeal(seal: Seal | undefined, maker: string | undefined): Sealed | undefined {
  if (seal?.wire !== "chat") return undefined;
  if (maker !== undefined && seal.maker !== undefined && seal.maker !== maker) return undefined;
  const value = parseJson(seal.value);
  if (!isObject(value)) return undefined;
  if (Array.isArray(value.reasoning_details)) return { details: value.reasoning_details.filter(isObject) };
  const signature = textOf(value.thought_signature);
  return signature === undefined ? undefined : { signature };
}

/** Through a client of this wire a seal rides as an entry of `reasoning_details`, which clients made for OpenRouter send back as it is. */
export function tellSeal(seal: Seal): readonly JsonObject[] {
  return [{ type: "reasoning.encrypted", data: toEnvelope(seal) }];
}

/** The seals in a client's `reasoning_details`: ours unwrapped, those of a provider behind another proxy together as one. */
export function heardSeals(details: readonly unknown[]): Seal[] {
  const seals: Seal[] = [];
  const foreign: JsonObject[] = [];
  for (const entry of details) {
    if (!isObject(entry)) continue;
    const own = sealIn(openEnvelope(textOf(entry.data) ?? ""));
    if (own === undefined) foreign.push(entry);
    else seals.push(own);
  }
  if (foreign.length > 0) seals.push(sealDetails(foreign));
  return seals;
}
