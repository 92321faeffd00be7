import { type Seal, type WireName, wireNames } from "../model/opaque.ts";
import { isObject, type JsonObject, parseJson, textOf } from "./json.ts";

/**
 * What only fcc can open, on its way through a field of the client's own whose content the client sends back byte for byte: `fcc.` and JSON
 * in base64url. Recognisable, so that it never goes to a provider, which would check it, or decrypt it.
 */
const mark = "fcc.";

/** How one begins in the bytes of a body: nearly every body has none, and that is seen without reading it. */
export const envelopeMark = Buffer.from(`"${mark}`, "utf8");

export function toEnvelope(content: object): string {
  return mark + Buffer.from(JSON.stringify(content), "utf8").toString("base64url");
}

export function isEnvelope(text: string): boolean {
  return text.startsWith(mark);
}

/** What is in it; undefined where the text is none, or one that the client cut. */
export function openEnvelope(text: string): JsonObject | undefined {
  const content = isEnvelope(text) ? parseJson(Buffer.from(text.slice(mark.length), "base64url").toString("utf8")) : undefined;
  return isObject(content) ? content : undefined;
}

/** The seal that an envelope holds; another version of fcc may have written another thing. */
export function sealIn(content: JsonObject | undefined): Seal | undefined {
  const wire = wireNames.find((name) => name === content?.wire);
  const maker = textOf(content?.maker);
  const value = content?.value;
  return wire && typeof value === "string" ? { wire, ...(maker === undefined ? {} : { maker }), value } : undefined;
}

/** Whether a seal may go back on this wire to this maker. One without a maker came in bytes that passed, as it goes back in them. */
export function isSealFor(seal: Seal | undefined, wire: WireName, maker: string): seal is Seal {
  return seal?.wire === wire && (seal.maker === undefined || seal.maker === maker);
}
