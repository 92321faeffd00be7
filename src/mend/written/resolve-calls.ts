import { stringifyExactly } from "../../model/exact-json.ts";
import type { Ids } from "../../model/stage.ts";
import type { KnownTools } from "../known-tools.ts";
import type { WrittenCall } from "./call.ts";
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
    return { id: call.id || ids.next("call_"), name: found.sent, json: stringifyExactly(value) };
  });
}
