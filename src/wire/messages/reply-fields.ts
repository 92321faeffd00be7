import { cutEvents } from "../cut-events.ts";
import { isObject } from "../json.ts";
import { fieldNamed, fieldSpans, parsed, splice } from "../json-bytes.ts";
import type { ByteMend } from "./mend-calls.ts";

// Fields of a stream whose bytes pass that clients read without looking whether they are there, and throw on ("Cannot read properties of undefined
// (reading 'input_tokens')"), Anthropic's SDKs among them: MiniMax leaves out the usage of the end (earendil-works/pi#6567), free-claude-code had none
// at the beginning (Alishahryar1/free-claude-code#123). Nothing else changes, and a whole reply stays as it is: nobody gathers into that.

type Fields = Readonly<Record<string, unknown>>;

const ofMessage: Fields = { content: [], usage: { input_tokens: 0, output_tokens: 0 } };
const ofEnd: Fields = { usage: { output_tokens: 0 } };

/**
 * Adds these fields, and the last event, where all that goes before has come: Anthropic's own API was seen to forget it (tombii/better-ccflare#307), and SDKs take the
 * reply for broken then. Only the two events that have these fields wait until they are whole.
 */
export function completeStream(): ByteMend {
  const events = cutEvents();
  /** How much of an event that is not whole has gone already. */
  let gone = 0;
  /** It waits until it is whole. */
  let holds = false;
  /** Why the reply stops was said, and the last event has not followed. */
  let lacksEnd = false;
  return {
    push(bytes) {
      const out = events.push(bytes).map((event) => {
        const left = gone > 0 ? event.subarray(gone) : complete(event);
        gone = 0;
        holds = false;
        const start = event.toString("latin1", 0, longestHead);
        if (/^event: ?message_delta/.test(start)) lacksEnd = /"stop_reason"\s*:\s*"/.test(event.toString("latin1"));
        else if (/^event: ?(?:message_stop|error)/.test(start)) lacksEnd = false;
        return left;
      });
      const waiting = events.waiting();
      if (!holds && gone === 0 && mayBeMended(events.rest(), waiting)) holds = waiting >= longestHead;
      else if (!holds) {
        out.push(...(gone === 0 ? events.rest() : [bytes.subarray(bytes.length - (waiting - gone))]));
        gone = waiting;
      }
      return Buffer.concat(out);
    },
    end(how) {
      if (events.waiting() > 0) return gone > 0 ? Buffer.alloc(0) : Buffer.concat(events.rest());
      return Buffer.from(lacksEnd && how !== "broken" ? lastEvent : "");
    },
  };
}

const lastEvent = 'event: message_stop\ndata: {"type":"message_stop"}\n\n';
const longestHead = 20;
const heads = ["event: message_start", "event: message_delta", "event:message_start", "event:message_delta"];

function mayBeMended(rest: readonly Buffer[], length: number): boolean {
  const start = Buffer.concat(rest, Math.min(length, longestHead)).toString("latin1");
  return heads.some((head) => head.startsWith(start) || start.startsWith(head));
}

function complete(event: Buffer): Buffer {
  if (!mayBeMended([event], event.length)) return event;
  const root = event.indexOf("{");
  if (event.subarray(0, Math.max(root, 0)).includes("message_start")) {
    const message = fieldNamed(event, fieldSpans(event, root), "message");
    return message === undefined ? event : withFields(event, message.value.start, ofMessage);
  }
  return withFields(event, root, ofEnd);
}

/** The object that begins at a place, with those fields that it has not, or has null for. */
function withFields(bytes: Buffer, at: number, fields: Fields): Buffer {
  const own = fieldSpans(bytes, at);
  const last = own?.at(-1);
  if (last === undefined) return bytes;
  const places = Object.entries(fields).flatMap(([name, value]) => {
    const given = fieldNamed(bytes, own, name);
    const is = given && parsed(bytes, given.value);
    if (isObject(is) || Array.isArray(is)) return [];
    const by = JSON.stringify(value);
    return given === undefined ? [{ start: last.end, end: last.end, by: `,${JSON.stringify(name)}:${by}` }] : [{ ...given.value, by }];
  });
  return splice(bytes, places);
}
