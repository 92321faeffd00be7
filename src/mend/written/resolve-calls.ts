import { stringifyExactly } from "../../model/exact-json.ts";
import { bareName, type KnownTools } from "../known-tools.ts";
import type { WrittenCall } from "./call.ts";
import { typedMembers } from "./typed-values.ts";

/** A call as the client gets it. */
export interface ReadyCall {
  /** Empty where its markup gives none: where ids are received, it gets one. */
  readonly id: string;
  readonly name: string;
  readonly json: string;
}

/**
 * What was written, as calls; undefined where none is of a tool that was offered. Beside one that is, a name that no tool has is the model's
 * mistake, which the client tells it as it does where a server has read the calls. A call without a name is left out, as it is there.
 */
export function resolveCalls(written: readonly WrittenCall[], tools: KnownTools): readonly ReadyCall[] | undefined {
  const named = written.map((call) => ({ call, found: tools.find(call.name) }));
  if (named.length > 0 && named.every(({ found }) => found === undefined)) return undefined;
  return named.flatMap(({ call, found }) => {
    const name = found?.sent ?? bareName(call.name);
    if (name === "") return [];
    const schema = found?.tool.parameters ?? {};
    const value = "value" in call.arguments ? call.arguments.value : typedMembers(call.arguments.members, schema);
    return [{ id: call.id ?? "", name, json: stringifyExactly(value) }];
  });
}
