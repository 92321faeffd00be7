import type { Seal } from "../../model/opaque.ts";
import { isEnvelope, openEnvelope, sealIn, toEnvelope } from "../envelope.ts";
import { stringOf } from "../json.ts";

/** Marks the data of a `redacted_thinking` block in a seal. A signature cannot begin so: base64 has no colon. */
const redacted = "redacted:";

/**
 * The signature of a thinking block, which carries the seal through the client and back. A seal of this wire is written as it is, so that a
 * session may change between a translated and a native route. Never empty, since a client takes an empty one for a block that was cut off.
 */
export function signatureOf(seal: Seal | undefined): string {
  if (seal?.wire === "messages" && seal.value !== "") return seal.value;
  return toEnvelope(seal ?? {});
}

export function sealOfSignature(signature: unknown): Seal | undefined {
  if (typeof signature !== "string" || signature === "") return undefined;
  return isEnvelope(signature) ? sealIn(openEnvelope(signature)) : { wire: "messages", value: signature };
}

export function sealOfRedacted(data: unknown): Seal {
  return { wire: "messages", value: redacted + (stringOf(data) ?? "") };
}

/** The data of a redacted block, or undefined where the seal is a signature. */
export function redactedOf(seal: Seal | undefined): string | undefined {
  return seal?.wire === "messages" && seal.value.startsWith(redacted) ? seal.value.slice(redacted.length) : undefined;
}
