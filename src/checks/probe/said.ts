import type { ReplyEvent } from "../../model/event.ts";
import type { AssistantPart, ToolCallPart } from "../../model/request.ts";
import { isObject, type JsonObject, parseJson } from "../../wire/json.ts";

/** A reply's events put together. */
export interface Said {
  readonly text: string;
  readonly thinking: string;
  readonly calls: readonly ToolCallPart[];
  /** The reply as a turn of the conversation, to be sent back. */
  readonly parts: readonly AssistantPart[];
  /** How many pieces the text and the arguments came in. */
  readonly pieces: number;
}

export function saidIn(events: readonly ReplyEvent[]): Said {
  const parts: AssistantPart[] = [];
  let pieces = 0;
  let open = "";
  let call: { id: string; name: string } | undefined;
  for (const event of events) {
    switch (event.type) {
      case "text-start":
      case "thinking-start":
        open = "";
        break;
      case "text-delta":
      case "thinking-delta":
        open += event.text;
        pieces += 1;
        break;
      case "text-end":
        parts.push({ type: "text", text: open });
        break;
      case "thinking-end":
        parts.push({ type: "thinking", text: open, ...(event.seal && { seal: event.seal }) });
        break;
      case "tool-start":
        open = "";
        call = { id: event.id, name: event.name };
        break;
      case "tool-delta":
        open += event.json;
        pieces += 1;
        break;
      case "tool-end":
        if (call) parts.push({ type: "tool-call", ...call, arguments: open });
        break;
      case "opaque":
        parts.push({ type: "opaque", ...event.part });
        break;
      default:
    }
  }
  const joined = (type: "text" | "thinking") => parts.flatMap((part) => (part.type === type ? [part.text] : [])).join("");
  return {
    text: joined("text"),
    thinking: joined("thinking"),
    calls: parts.filter((part) => part.type === "tool-call"),
    parts,
    pieces,
  };
}

/** The arguments of a call, parsed; undefined where they are no object. */
export function argumentsOf(call: ToolCallPart): JsonObject | undefined {
  const value = parseJson(call.arguments === "" ? "{}" : call.arguments);
  return isObject(value) ? value : undefined;
}
