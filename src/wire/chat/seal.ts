import type { Seal } from "../../model/opaque.ts";
import { isObject, type JsonObject, parseJson, textOf } from "../json.ts";

/**
 * What this wire seals. A provider of reasoning details wants the whole list back unmodified and in order (OpenRouter, MiniMax); Gemini's
 * OpenAI endpoint wants the signature back on the very call that carried it. The latter rides on an empty thinking part before the call.
 */
export type Sealed = { readonly details: readonly JsonObject[] } | { readonly signature: string };

export function sealDetails(details: readonly JsonObject[], maker: string): Seal {
  return { wire: "chat", maker, value: JSON.stringify({ reasoning_details: details }) };
}

export function sealSignature(signature: string, maker: string): Seal {
  return { wire: "chat", maker, value: JSON.stringify({ thought_signature: signature }) };
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

/**
 * Through a client of this wire a seal rides as an entry of `reasoning_details`, which clients made for OpenRouter send back as it is.
 * Details that came from a chat provider are told in their own words; any other seal is wrapped, recognisably.
 */
const prefix = "fcc.";
const wires = ["messages", "chat", "responses"] as const;

export function tellSeal(seal: Seal): readonly JsonObject[] {
  return [{ type: "reasoning.encrypted", data: prefix + Buffer.from(JSON.stringify(seal), "utf8").toString("base64url") }];
}

/** Whether only fcc can open this. */
export function isOwnData(data: string): boolean {
  return data.startsWith(prefix);
}

/** The seals in a client's `reasoning_details`: ours unwrapped, those of a provider behind another proxy together as one. */
export function heardSeals(details: readonly unknown[]): Seal[] {
  const seals: Seal[] = [];
  const foreign: JsonObject[] = [];
  for (const entry of details) {
    if (!isObject(entry)) continue;
    const data = textOf(entry.data);
    const own =
      data !== undefined && isOwnData(data) ? parseJson(Buffer.from(data.slice(prefix.length), "base64url").toString("utf8")) : undefined;
    const wire = isObject(own) ? wires.find((name) => name === own.wire) : undefined;
    if (!isObject(own) || wire === undefined || typeof own.value !== "string") {
      foreign.push(entry);
      continue;
    }
    const maker = textOf(own.maker);
    seals.push({ wire, ...(maker === undefined ? {} : { maker }), value: own.value });
  }
  if (foreign.length > 0) seals.push({ wire: "chat", value: JSON.stringify({ reasoning_details: foreign }) });
  return seals;
}
