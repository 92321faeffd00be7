import type { Seal } from "../../model/opaque.ts";
import { isObject, parseJson, textOf } from "../json.ts";

/**
 * Seals ride through the client in `encrypted_content`, which it sends back verbatim. Ours carry the wire and the maker, so that a
 * seal never reaches a model that did not make it; anything else there came from a Responses provider without fcc between.
 */
const prefix = "fcc.";
const wires = ["messages", "chat", "responses"] as const;

export function writeSeal(seal: Seal): string {
  if (seal.wire === "responses" && seal.maker === undefined && !isOwnSeal(seal.value)) return seal.value;
  const { wire, maker, value } = seal;
  return prefix + Buffer.from(JSON.stringify({ wire, maker, value }), "utf8").toString("base64url");
}

/** A summary that fcc's own model wrote, in the place where OpenAI's would be encrypted. */
export function writeSummary(text: string): string {
  return prefix + Buffer.from(JSON.stringify({ text }), "utf8").toString("base64url");
}

/** Whether only fcc can open this. */
export function isOwnSeal(encrypted: string): boolean {
  return encrypted.startsWith(prefix);
}

/** `text` is what the envelope says the sealed item means, for a client that kept nothing else of it. */
export function readSeal(encrypted: string): { readonly seal?: Seal; readonly text?: string } {
  const own = isOwnSeal(encrypted) ? parseJson(Buffer.from(encrypted.slice(prefix.length), "base64url").toString("utf8")) : undefined;
  if (!isObject(own)) return { seal: { wire: "responses", value: encrypted } };
  const wire = wires.find((name) => name === own.wire);
  const maker = textOf(own.maker);
  const text = textOf(own.text);
  const seal = wire && typeof own.value === "string" ? { wire, ...(maker === undefined ? {} : { maker }), value: own.value } : undefined;
  return { ...(seal === undefined ? {} : { seal }), ...(text === undefined ? {} : { text }) };
}
