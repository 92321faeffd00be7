import type { ReplyEvent } from "../../model/event.ts";
import { stringifyExactly } from "../../model/exact-json.ts";
import type { Stage } from "../../model/stage.ts";
import { eventMend } from "../event-mend.ts";
import type { KnownTools } from "../known-tools.ts";
import { typedMembers } from "../written/typed-values.ts";
import { argumentKeyCall } from "../written/xml-call.ts";

/** GLM 5 often begins a call in a way that its servers take all of it for the name, and the arguments for none. */
export function namedArguments(tools: KnownTools): Stage<ReplyEvent, ReplyEvent> {
  let held: { readonly start: Extract<ReplyEvent, { type: "tool-start" }>; readonly json: string } | undefined;
  /** What came as arguments, while it may be an empty object, without white space. */
  let empty = "";
  return eventMend((event, out) => {
    if (event.type === "tool-start") {
      const json = argumentsIn(event.name, tools);
      if (json !== undefined) {
        held = { start: event, json };
        empty = "";
        return;
      }
    }
    if (held !== undefined) {
      const given = event.type === "tool-delta" ? empty + event.json : undefined;
      const tight = given?.replace(/\s+/g, "");
      if (tight !== undefined && ["", "{", "{}", "}"].includes(tight)) {
        empty = tight;
        return;
      }
      out.put(held.start, { type: "tool-delta", json: given ?? held.json });
      held = undefined;
      if (given !== undefined) return;
    }
    out.put(event);
  });
}

function argumentsIn(name: string, tools: KnownTools): string | undefined {
  if (!name.includes("</arg_key>")) return undefined;
  const call = argumentKeyCall(name.replace(/<tool_call>(?!<)/, "<arg_key>"));
  const found = call === undefined ? undefined : tools.find(call.name);
  if (call === undefined || found === undefined || !("members" in call.arguments)) return undefined;
  return stringifyExactly(typedMembers(call.arguments.members, found.tool.parameters));
}
