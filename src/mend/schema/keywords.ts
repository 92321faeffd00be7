import { isObject } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";
import { knownTypes } from "./known-types.ts";
import { isPortable } from "./portable-patterns.ts";
import { changeKeywords, unique } from "./walk.ts";

/** What a keyword's value becomes, in the schema as it was; undefined: the keyword goes. */
type Repair = (value: unknown, schema: JsonSchema) => unknown;

/** Where JSON Schema has an object; PHP writes an empty one as a list. */
const object = (value: unknown): unknown => (Array.isArray(value) ? {} : value);

/** Before the sixth draft a flag stood beside the bound: `minimum: 0, exclusiveMinimum: true`. */
const flagOf =
  (bound: string): Repair =>
  (value, schema) => {
    if (typeof value !== "boolean") return value;
    return value ? (schema[bound] ?? undefined) : undefined;
  };

/** What MCP servers and zod write and some server refuses the whole request for. */
const repairs: ReadonlyMap<string, Repair> = new Map<string, Repair>([
  ["type", knownTypes],
  // Each property once, and no flag of an old draft: Claude ("must match JSON Schema draft 2020-12"), OpenAI ("has non-unique elements", "True is not
  // of type 'array'").
  ["required", (value) => (Array.isArray(value) ? [...new Set(value.filter((name) => typeof name === "string"))] : undefined)],
  // Each value once, and one at least: OpenAI ("[] should be non-empty").
  ["enum", (value) => (Array.isArray(value) && value.length > 0 ? unique(value) : undefined)],
  ["exclusiveMinimum", flagOf("minimum")],
  ["exclusiveMaximum", flagOf("maximum")],
  ["pattern", (value) => (isPortable(value) ? value : undefined)],
  ["properties", (value) => (isObject(value) ? onlySchemas(value) : object(value))],
  ["patternProperties", (value) => (isObject(value) ? portableOnly(value) : object(value))],
  // What a name admitted that is left out is not to be refused now.
  ["additionalProperties", (value, schema) => (value === false && hasUnportable(schema) ? undefined : object(value))],
  ["$defs", object],
  ["definitions", object],
  // The mark of OpenAI's servers for an argument that only they may read, as Codex's second kind of sub-agents has it. Other models leave such an
  // argument empty (lidge-jun/opencodex#1779), and for its own words Codex has a place.
  ["encrypted", (value) => (typeof value === "boolean" ? undefined : value)],
]);

const mayBeNull = new Set(["default", "const"]);

/** One schema whose keywords are as every server takes them; `type: null` and `required: null`, as MCP servers give them, say nothing. */
export function mendKeywords(schema: JsonSchema): JsonSchema {
  return changeKeywords(schema, (key, value) => {
    if (value === null) return mayBeNull.has(key) ? value : undefined;
    const repair = repairs.get(key);
    return repair === undefined ? value : repair(value, schema);
  });
}

/**
 * OpenAI demands a schema for each property ("'object' is not of type 'object', 'boolean'"). An MCP server's brace in the wrong place leaves a
 * keyword among them, `{"path": {...}, "type": "object"}`: it goes. Of a property that says nothing, `null` or a list, the name stays.
 */
function onlySchemas(properties: JsonSchema): JsonSchema {
  return changeKeywords(properties, (_, property) => {
    if (typeof property === "string") return undefined;
    return isObject(property) || typeof property === "boolean" ? property : {};
  });
}

function portableOnly(properties: JsonSchema): JsonSchema {
  return changeKeywords(properties, (name, property) => (isPortable(name) ? property : undefined));
}

function hasUnportable({ patternProperties }: JsonSchema): boolean {
  return isObject(patternProperties) && !Object.keys(patternProperties).every(isPortable);
}
