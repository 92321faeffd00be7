import type { Seal, WireName } from "../../model/opaque.ts";
import { objectOf, stringOf } from "../json.ts";

/**
 * How seals ride in a Messages client's `signature`. Seals of this wire go as they are, so that a session may change between a
 * translated and a native route. Those of other wires, and our stand-ins, are `fcc.` and base64url of JSON: recognisable, so that they
 * are never sent to a provider that would check them. Clients return any string byte for byte.
 */
const mark = "fcc.";
/** A `redacted_thinking` block's data, kept apart from a signature: base64 has no colon. */
const redacted = "redacted:";

/** The signature of a thinking block; never empty, since a client takes an empty one for a block cut short. */
export function signatureOf(seal: Seal | undefined): string {
  if (seal?.wire === "messages" && seal.value !== "") return seal.value;
  return mark + Buffer.from(JSON.stringify(seal ?? {}), "utf8").toString("base64url");
}

/** Whether only fcc can open this signature. */
export function isOwnSignature(signature: string): boolean {
  return signature.startsWith(mark);
}

export function sealOfSignature(signature: unknown): Seal | undefined {
  if (typeof signature !== "string" || signature === "") return undefined;
  if (!isOwnSignature(signature)) return { wire: "messages", value: signature };
  return openEnvelope(signature.slice(mark.length));
}

export function sealOfRedacted(data: unknown): Seal {
  return { wire: "messages", value: redacted + (stringOf(data) ?? "") };
}

/** The data of a redacted block, or undefined where the seal is a signature. */
export function redactedOf(seal: Seal | undefined): string | undefined {
  return seal?.wire === "messages" && seal.value.startsWith(redacted) ? seal.value.slice(redacted.length) : undefined;
}

const wires: readonly string[] = ["messages", "chat", "responses"] satisfies WireName[];

function openEnvelope(text: string): Seal | undefined {
  try {
    const { wire, maker, value } = objectOf(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
    if (typeof wire !== "string" || !wires.includes(wire) || typeof value !== "string") return undefined;
    return { wire: wire as WireName, ...(typeof maker === "string" ? { maker } : {}), value };
  } catch {
    // Written by another version, or cut by the client: reasoning without a seal.
    return undefined;
  }
}
