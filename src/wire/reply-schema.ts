import type { ReplySchema } from "../model/request.ts";
import { isObject, type JsonObject } from "./json.ts";

/** The schema of a reply as OpenAI's two wires have it, under a name that they take. */
export function schemaFields({ name, schema }: ReplySchema): JsonObject {
  return { name: name.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 64) || "reply", schema, strict: isStrict(schema) };
}

/** Whether OpenAI takes the schema as strict: every object closed, and all of its properties required. Otherwise it refuses the request. */
export function isStrict(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isStrict);
  if (!isObject(schema)) return true;
  const { type, properties, additionalProperties, required, ...rest } = schema;
  if (type === "object" || properties !== undefined) {
    if (!isObject(properties) || additionalProperties !== false || !Array.isArray(required)) return false;
    if (!Object.keys(properties).every((name) => required.includes(name))) return false;
    if (!Object.values(properties).every(isStrict)) return false;
  }
  return Object.values(rest).every(isStrict);
}
