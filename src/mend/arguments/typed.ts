import type { ReplyEvent } from "../../model/event.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { Stage } from "../../model/stage.ts";
import { eventMend } from "../event-mend.ts";
import type { KnownTools } from "../known-tools.ts";
import { ownNames } from "../property-names.ts";
import { fitArguments } from "./fit.ts";
import { placeOf } from "./place.ts";

/**
 * Arguments get the client's own names back, and values of another type than the tool takes become what they plainly are: a list of tasks that was
 * written as `"[{...}]"`, a task's id that was written as `1`. An argument that is `null` where there may be none, as models write each that they
 * leave out, goes. The client would refuse the call.
 */
export function typeArguments(tools: KnownTools, { propertyNames }: Quirks): Stage<ReplyEvent, ReplyEvent> {
  let reader: ReturnType<typeof fitArguments> | undefined;
  return eventMend((event, out) => {
    if (event.type === "tool-start") {
      const schema = tools.find(event.name)?.tool.parameters;
      reader = schema && fitArguments(placeOf(schema, schema), ownNames(schema, propertyNames));
    }
    if (event.type === "tool-delta" && reader !== undefined) {
      const json = reader.push(event.json);
      if (json !== "") out.put(json === event.json ? event : { type: "tool-delta", json });
      return;
    }
    if (event.type === "tool-end" || event.type === "reply-end" || event.type === "failure") {
      const held = reader?.held() ?? "";
      if (held !== "") out.put({ type: "tool-delta", json: held });
      reader = undefined;
    }
    out.put(event);
  });
}
