import { objectOf } from "../model/json.ts";
import type { Quirks } from "../model/quirks.ts";
import type { JsonSchema } from "../model/request.ts";
import { nameIn } from "./schema/pointed.ts";
import { mendRoot } from "./schema/root.ts";
import { walkSchema } from "./schema/walk.ts";
import { shortName } from "./short-hash.ts";

type Rule = NonNullable<Quirks["propertyNames"]>;

const legal: Readonly<Record<Rule, RegExp>> = {
  // Claude: "Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'". OData's `$filter` and an API's `ids[]` do not.
  safe: /^[\w.-]{1,64}$/,
  // NVIDIA's servers, for which an argument called so, as Claude Code's Grep has one, is not safe.
  "no-type": /^(?!type$)/,
};

/** Arguments by names that the server takes, the same in each request. Those within an argument may be any. */
export function withLegalNames(schema: JsonSchema, rule: Rule): JsonSchema {
  const sent: ReadonlyMap<unknown, string> = sentNames(schema, legal[rule]);
  if (sent.size === 0) return schema;
  const named = (name: unknown) => sent.get(name) ?? name;
  const refer = (step: string) => sent.get(nameIn(step)) ?? step;
  // zod writes what stands twice as a reference to where it stood first.
  const referred = walkSchema(schema, (inner) =>
    typeof inner.$ref === "string" ? { ...inner, $ref: inner.$ref.replace(/(?<=^#\/properties\/)[^/]+/, refer) } : inner,
  );
  const properties = Object.entries(objectOf(referred.properties)).map(([name, property]) => [named(name), property]);
  return {
    ...referred,
    properties: Object.fromEntries(properties),
    ...(Array.isArray(referred.required) && { required: referred.required.map(named) }),
  };
}

/** What the client itself calls an argument of the tool with this schema. */
export function ownNames(schema: JsonSchema, rule: Rule | undefined): (name: string) => string {
  const sent = rule === undefined ? [] : [...sentNames(mendRoot(schema), legal[rule])];
  const own = new Map(sent.map(([name, by]) => [by, name]));
  return (name) => own.get(name) ?? name;
}

/** Of the names that are not legal, by which each is sent. */
function sentNames({ properties }: JsonSchema, legal: RegExp): ReadonlyMap<string, string> {
  const names = Object.keys(objectOf(properties));
  const taken = new Set(names);
  const sent = new Map<string, string>();
  for (const name of names) {
    if (legal.test(name)) continue;
    const clean = name.replace(/[^\w.-]+/g, "_");
    const short = legal.test(clean) && !taken.has(clean) ? clean : shortName(clean, name);
    taken.add(short);
    sent.set(name, short);
  }
  return sent;
}
