import { stringifyExactly } from "../../model/exact-json.ts";
import { isObject, objectOf } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";
import type { Ids } from "../../model/stage.ts";
import type { KnownTools } from "../known-tools.ts";
import type { WrittenCall } from "./call.ts";
import { looseJson } from "./loose-json.ts";
import { typedMembers } from "./typed-values.ts";

/** A call as the client gets it. */
export interface ReadyCall {
  readonly id: string;
  readonly name: string;
  readonly json: string;
}

/** What was written, as calls of the tools that were offered; undefined where one of them is of no such tool. */
export function resolveCalls(written: readonly WrittenCall[], tools: KnownTools, ids: Ids): readonly ReadyCall[] | undefined {
  const known = written.flatMap((call) => {
    const found = tools.find(call.name);
    return found === undefined ? [] : [{ call, found }];
  });
  if (known.length < written.length) return undefined;
  return known.map(({ call, found }) => {
    const schema = found.tool.parameters;
    const value = "value" in call.arguments ? call.arguments.value : typedMembers(call.arguments.members, schema);
    return { id: call.id || ids.next("call_"), name: found.sent, json: stringifyExactly(unwrap(value, schema)) };
  });
}

const wrappers = ["arguments", "parameters", "properties", "input"];

/** The arguments out of one argument that the tool does not have, into which a model put all of them. */
function unwrap(value: Readonly<Record<string, unknown>>, schema: JsonSchema): Readonly<Record<string, unknown>> {
  const [[key, member] = ["", undefined], ...others] = Object.entries(value);
  const properties = objectOf(schema.properties);
  if (others.length > 0 || !wrappers.includes(key) || key in properties) return value;
  const inner = typeof member === "string" ? looseJson(member) : member;
  const keys = isObject(inner) ? Object.keys(inner) : [];
  return isObject(inner) && keys.length > 0 && keys.every((one) => one in properties) ? inner : value;
}
