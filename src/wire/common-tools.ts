import { stringifyExactly } from "../model/exact-json.ts";
import { isObject, type JsonObject, objectOf } from "./json.ts";

/**
 * What the language has a word for in a tool, and what would not hold for one that it has written: all tools are offered from the beginning, and
 * what the server's own code calls goes on in a container that only its reply names.
 */
const known = new Set([
  ...["type", "function", "name", "description", "input_schema", "parameters", "cache_control", "defer_loading", "allowed_callers"],
]);
/** What is said of a schema, and holds for that one alone. */
const ofSchema = new Set(["strict", "input_examples"]);

/** Tools that were written for a request, each with what else the client says of it in its own. */
export function withUncommonOfTools(written: readonly unknown[], own: readonly unknown[]): readonly unknown[] {
  const byName = new Map(own.map((tool) => [told(tool).name, objectOf(tool)]));
  return written.map((tool) => {
    const mine = byName.get(told(tool).name);
    return isObject(tool) && mine !== undefined ? joined(tool, mine) : tool;
  });
}

function joined(tool: JsonObject, own: JsonObject): JsonObject {
  const [schema, before] = [schemaOf(tool), schemaOf(own)];
  if (schema === undefined || before === undefined) return tool;
  const isSame = () => stringifyExactly(schema) === stringifyExactly(before);
  const holds = (name: string) => !known.has(name) && (!ofSchema.has(name) || isSame());
  const kept = (fields: JsonObject) => Object.fromEntries(Object.entries(fields).filter(([name]) => holds(name)));
  const inner = isObject(tool.function) && isObject(own.function) ? { function: { ...kept(own.function), ...tool.function } } : {};
  return { ...kept(own), ...tool, ...inner };
}

/** Where a tool has its name: chat's are nested. */
const told = (tool: unknown): JsonObject => (isObject(objectOf(tool).function) ? objectOf(objectOf(tool).function) : objectOf(tool));
const schemaOf = (tool: JsonObject) => told(tool).input_schema ?? told(tool).parameters;
