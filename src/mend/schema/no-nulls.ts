import type { JsonSchema } from "../../model/request.ts";
import { changeKeywords } from "./walk.ts";

const mayBeNull = new Set(["default", "const"]);

/** One schema without keywords that have no value: MCP servers give `type: null` and `required: null`, which every server refuses. */
export function withoutNulls(schema: JsonSchema): JsonSchema {
  return changeKeywords(schema, (key, value) => (value === null && !mayBeNull.has(key) ? undefined : value));
}
