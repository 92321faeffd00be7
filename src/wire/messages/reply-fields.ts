import { addFields } from "../add-fields.ts";
import { fieldNamed, fieldSpans, valueNamed } from "../json-bytes.ts";
import { saysWhy } from "./end-blocks.ts";
import type { EventMend } from "./mend-events.ts";

// Fields of a stream whose bytes pass that clients read without looking whether they are there, and throw on ("Cannot read properties of undefined
// (reading 'input_tokens')"), Anthropic's SDKs among them: MiniMax leaves out the usage of the end (earendil-works/pi#6567), free-claude-code had none
// at the beginning (Alishahryar1/free-claude-code#123). Nothing else changes, and a whole reply stays as it is: nobody gathers into that.

type Fields = Readonly<Record<string, unknown>>;

const ofMessage: Fields = { content: [], usage: { input_tokens: 0, output_tokens: 0 } };
const ofEnd: Fields = { usage: { output_tokens: 0 } };

/**
 * Adds these fields, and the last event, where all that goes before has come: Anthropic's own API was seen to forget it
 * (tombii/better-ccflare#307), and SDKs take the reply for broken then.
 */
export function completeReply(): EventMend {
  /** Why the reply stops was said, and the last event has not followed. */
  let lacksEnd = false;
  return {
    mend(event, type) {
      const root = event.indexOf("{");
      if (type === "message_start") {
        const message = fieldNamed(event, fieldSpans(event, root), "message");
        return message === undefined ? event : withFields(event, message.value.start, ofMessage);
      }
      if (type === "message_delta") {
        lacksEnd ||= saysWhy(event);
        return withFields(event, root, ofEnd);
      }
      if (type === "message_stop" || type === "error") lacksEnd = false;
      return event;
    },
    lacks: () => (lacksEnd ? lastEvent : ""),
  };
}

const lastEvent = 'event: message_stop\ndata: {"type":"message_stop"}\n\n';

/** The object that begins at a place, with those fields that it has not, or has null for. */
function withFields(bytes: Buffer, at: number, fields: Fields): Buffer {
  const own = fieldSpans(bytes, at);
  const lacks = ([name]: [string, unknown]) => typeof (valueNamed(bytes, own, name) ?? undefined) !== "object";
  return addFields(bytes, Object.fromEntries(Object.entries(fields).filter(lacks)), at);
}
