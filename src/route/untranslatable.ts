import type { WireName } from "../model/opaque.ts";
import { listOf, objectOf } from "../wire/json.ts";

/** By which a Responses request goes on from what its provider keeps. */
export const conversationFields: readonly string[] = ["previous_response_id", "conversation", "prompt"];

/** Fields of a request that only a server of the client's own wire can be asked with. */
export const untranslatable: ReadonlySet<string> = new Set([...conversationFields, "background", "n", "modalities"]);

/** A conversation whose beginning the provider has, or a request for several replies, or for one in sound. */
export function isUntranslatable(client: WireName, body: unknown): boolean {
  const fields = objectOf(body);
  if (client === "responses") return conversationFields.some((name) => fields[name]);
  return client === "chat" && (Number(fields["n"]) > 1 || listOf(fields["modalities"]).includes("audio"));
}
