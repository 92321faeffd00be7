import type { ReplySchema } from "../model/request.ts";
import { isObject, type JsonObject, textOf } from "./json.ts";

/** The schema of a reply as OpenAI's two wires have it, under a name that they take. */
export function schemaFields({ name, description, schema }: ReplySchema): JsonObject {
  const told = description === undefined ? {} : { description };
  return { name: name.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 64) || "reply", ...told, schema, strict: isStrict(schema) };
}

/** What a client of these wires says of the schema beside it. */
export function schemaNames({ name, description }: JsonObject): Pick<ReplySchema, "name" | "description"> {
  const told = textOf(description);
  return { name: textOf(name) ?? "reply", ...(told === undefined || told === "" ? {} : { description: told }) };
}

/**
 * Whether OpenAI takes the schema as strict: every object closed, all of its properties required, and none a value of any kind. Otherwise it
 * refuses the request.
 */
export function isStrict(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isStrict);
  if (!isObject(schema)) return true;
  const { type, properties, additionalProperties, required, items, ...rest } = schema;
  if (type === "object" || properties !== undefined) {
    if (!isObject(properties) || additionalProperties !== false || !Array.isArray(required)) return false;
    if (!Object.keys(properties).every((name) => required.includes(name))) return false;
    if (!Object.values(properties).every(isKind)) return false;
  }
  return (items === undefined || isKind(items)) && Object.values(rest).every(isStrict);
}

const isKind = (schema: unknown) =>
  isObject(schema) && ["type", "enum", "const", "anyOf", "$ref"].some((name) => schema[name] !== undefined) && isStrict(schema);
