import type { ReplyEvent } from "../../model/event.ts";
import type { Stage } from "../../model/stage.ts";
import type { KnownTools } from "../known-tools.ts";
import { fitArguments } from "./fit.ts";
import { placeOf } from "./place.ts";
import { readArguments } from "./read-arguments.ts";

/**
 * Values of another type than the tool takes become what they plainly are: a list of tasks that was written as `"[{...}]"`, a task's id that was
 * written as `1`. An argument that is `null` where there may be none, as models write each that they leave out, goes. The client would refuse the call.
 */
export function typeArguments(tools: KnownTools): Stage<ReplyEvent, ReplyEvent> {
  return readArguments((name) => {
    const schema = tools.find(name)?.tool.parameters;
    return schema && fitArguments(placeOf(schema, schema));
  });
}
