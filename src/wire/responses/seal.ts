import type { Seal } from "../../model/opaque.ts";
import { isEnvelope, openEnvelope, sealIn, toEnvelope } from "../envelope.ts";
import { textOf } from "../json.ts";

/**
 * Seals ride through the client in `encrypted_content`, which it sends back verbatim. Ours carry the wire and the maker, so that a
 * seal never reaches a model that did not make it; anything else there came from a Responses provider without fcc between.
 */
export function writeSeal(seal: Seal): string {
  if (seal.wire === "responses" && seal.maker === undefined && !isEnvelope(seal.value)) return seal.value;
  return toEnvelope(seal);
}

/** A summary that fcc's own model wrote, in the place where OpenAI's would be encrypted. */
export function writeSummary(text: string): string {
  return toEnvelope({ text });
}

/** `text` is what the envelope says the sealed item means, for a client that kept nothing else of it. */
export function readSeal(encrypted: unknown): { readonly seal?: Seal; readonly text?: string } {
  if (typeof encrypted !== "string" || encrypted === "") return {};
  const own = openEnvelope(encrypted);
  if (own === undefined) return { seal: { wire: "responses", value: encrypted } };
  const text = textOf(own.text);
  const seal = sealIn(own);
  return { ...(seal === undefined ? {} : { seal }), ...(text === undefined ? {} : { text }) };
}
