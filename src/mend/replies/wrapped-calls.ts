import type { ReplyEvent } from "../../model/event.ts";
import { parseExactly, stringifyExactly } from "../../model/exact-json.ts";
import { isObject, listOf, objectOf } from "../../model/json.ts";
import { createOutbox } from "../../model/outbox.ts";
import type { Stage } from "../../model/stage.ts";
import { eventMend } from "../event-mend.ts";
import type { KnownTools } from "../known-tools.ts";

type Start = Extract<ReplyEvent, { type: "tool-start" }>;

/** As Chat tells it, with what servers make of a dot, and as Responses does. */
const wrapper = /^(?:multi_tool_use(?:[._]parallel)?|parallel)$/;

/**
 * OpenAI's models know a tool of their own that calls several at once, and at times it comes as a call (vercel/ai#2786, vercel/ai#19067), for
 * which the client has no tool. It becomes the calls that stand in it, where the client has a tool for each.
 */
export function unwrapCalls(tools: KnownTools): Stage<ReplyEvent, ReplyEvent> {
  const out = createOutbox<ReplyEvent>();
  let held: { readonly start: Start; json: string } | undefined;

  const release = (): void => {
    if (held === undefined) return;
    out.put(held.start);
    if (held.json !== "") out.put({ type: "tool-delta", json: held.json });
    held = undefined;
  };

  return eventMend((event) => {
    if (event.type === "tool-start" && wrapper.test(event.name) && tools.find(event.name) === undefined) {
      held = { start: event, json: "" };
      return;
    }
    if (held !== undefined && event.type === "tool-delta") {
      held.json += event.json;
      return;
    }
    const calls = held !== undefined && event.type === "tool-end" ? callsIn(held.json, tools) : [];
    if (held === undefined || calls.length === 0) {
      release();
      out.put(event);
      return;
    }
    const { id } = held.start;
    held = undefined;
    // Those after the first have no id, and are given one.
    calls.forEach(({ name, json }, at) => {
      out.put({ type: "tool-start", id: at === 0 ? id : "", name }, { type: "tool-delta", json }, { type: "tool-end" });
    });
  }, out);
}

interface Call {
  readonly name: string;
  readonly json: string;
}

/** None where one of them is no call, or of a tool that is not there: the client then tells the model what it did. */
function callsIn(json: string, tools: KnownTools): readonly Call[] {
  const uses = listOf(objectOf(parseExactly(json)).tool_uses).map((use): Call | undefined => {
    const { recipient_name: recipient, parameters } = objectOf(use);
    const name = typeof recipient === "string" ? tools.find(recipient)?.sent : undefined;
    return name === undefined || !isObject(parameters) ? undefined : { name, json: stringifyExactly(parameters) };
  });
  return uses.every((call) => call !== undefined) ? uses : [];
}
