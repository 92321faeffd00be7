import type { JsonSchema } from "../../model/request.ts";
import { changeKeywords } from "./walk.ts";

/**
 * One schema without the mark of OpenAI's servers for an argument that only they may read, as Codex's second kind of sub-agents has it. Other
 * models leave such an argument empty (lidge-jun/opencodex#1779), and for its own words Codex has a place.
 */
export function withoutEncryption(schema: JsonSchema): JsonSchema {
  return changeKeywords(schema, (key, value) => (key === "encrypted" && typeof value === "boolean" ? undefined : value));
}
