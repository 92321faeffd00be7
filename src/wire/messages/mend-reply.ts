import { stringifyExactly } from "../../model/exact-json.ts";
import { addFields } from "../add-fields.ts";
import { type JsonObject, objectOf, textOf } from "../json.ts";
import { fieldNamed, fieldSpans, itemsOf, parsed, rootOf, type Span, splice, valueNamed } from "../json-bytes.ts";
import { type ByteMend, mendEvents, readEvent } from "../mend-events.ts";
import { withOwnToolName } from "./own-tool-name.ts";

/** Blocks that are followed at once. A server that ends none must not fill the memory. */
const mostOpen = 1000;
const lastEvent = 'event: message_stop\ndata: {"type":"message_stop"}\n\n';

/**
 * Mends a stream whose bytes pass, where a server that is compatible with Anthropic's leaves out or tells wrong what clients read unseen:
 *
 * 1. Events have names. Companies' gateways write only their data (earendil-works/pi#1984, #4381); Anthropic's SDKs, and Claude Code with them, go
 *    by the name alone: the one gives up with "request ended without sending any chunks", the other asks for each turn a second time without stream.
 * 2. The beginning has a content and usage, and the end usage: without them SDKs throw ("Cannot read properties of undefined (reading
 *    'input_tokens')"). MiniMax leaves out that of the end (earendil-works/pi#6567), free-claude-code had none at the beginning
 *    (Alishahryar1/free-claude-code#123). A whole reply stays as it is: nobody gathers into that.
 * 3. Blocks that are open where the reply says why it stops end there, and only there: Claude Code takes one that never ended for nothing said, and
 *    asks for the turn a second time.
 * 4. A call's arguments come in a delta. Where all of them stand in its beginning (vLLM) clients run the call without any; there they stand no longer,
 *    since the Vercel AI SDK puts both together.
 * 5. A call's name is the tool's (`own-tool-name.ts`).
 * 6. A reply with a call stops for it: after "end_turn" an agent stops too (LiteLLM #34692, Bifrost #3638).
 * 7. Behind the reason to stop comes the last event: Anthropic's own API was seen to forget it (tombii/better-ccflare#307), and SDKs take the reply
 *    for broken then.
 *
 * All else stays as it came.
 *
 * @param isUnnamed the events have only their data
 */
export function mendReply(isUnnamed = false): ByteMend {
  const open = new Set<unknown>();
  /** Those that were ended here: another end would be the second. */
  const ended = new Set<unknown>();
  /** By a call's index, since blocks may overlap: the arguments that stood where it began, until a delta brings some. */
  const inputs = new Map<unknown, JsonObject>();
  let calls = false;
  /** Why the reply stops was said, and the last event has not followed. */
  let lacksEnd = false;

  const begin = (told: Buffer): Buffer => {
    const { index, content_block } = readEvent(told);
    const { type, input } = objectOf(content_block);
    if (open.size < mostOpen) open.add(index);
    calls ||= type === "tool_use";
    const event = type === "tool_use" ? withOwnToolName(told, objectIn(told, "content_block")) : told;
    const given = objectOf(input);
    if (type !== "tool_use" || inputs.size >= mostOpen || Object.keys(given).length === 0) return event;
    inputs.set(index, given);
    return withoutInput(event);
  };
  const say = (event: Buffer): Buffer => {
    if (inputs.size === 0) return event;
    const { index, delta } = readEvent(event);
    if (textOf(objectOf(delta)["partial_json"])) inputs.delete(index);
    return event;
  };
  const end = (index: unknown, event: Buffer): Buffer => {
    const input = inputs.get(index);
    open.delete(index);
    inputs.delete(index);
    return input === undefined ? event : Buffer.concat([inputDelta(index, input), event]);
  };
  const stop = (event: Buffer): Buffer => {
    const counted = withFields(event, event.indexOf("{"), ofEnd);
    const told = calls ? stoppedForTools(counted, objectIn(counted, "delta")) : counted;
    // An event of usage alone does not say why.
    if (!/"stop_reason"\s*:\s*"/.test(event.toString("latin1"))) return told;
    lacksEnd = true;
    const ends = [...open].map((index) => {
      ended.add(index);
      return end(index, eventOf("content_block_stop", { index }));
    });
    return Buffer.concat([...ends, told]);
  };
  const mend = (event: Buffer, type: string | undefined): Buffer => {
    switch (type) {
      case "message_start":
        return withFields(event, objectIn(event, "message")?.start, ofMessage);
      case "content_block_start":
        return begin(event);
      case "content_block_delta":
        return say(event);
      case "content_block_stop": {
        const { index } = readEvent(event);
        return ended.has(index) ? Buffer.alloc(0) : end(index, event);
      }
      case "message_delta":
        return stop(event);
      case "message_stop":
      case "error":
        lacksEnd = false;
        return event;
      default:
        return event;
    }
  };
  return mendEvents(
    (event, type) => mend(isUnnamed ? named(event, type) : event, type),
    () => (lacksEnd ? lastEvent : ""),
  );
}

/** What a whole reply tells wrong of its calls, so that one would not be run as the model meant: a tool's name, and the reason to stop. */
export function mendCallsInReply(bytes: Buffer): Buffer {
  if (!bytes.includes("tool_use")) return bytes;
  const calls = itemsOf(bytes, "content").filter(({ start }) => valueNamed(bytes, fieldSpans(bytes, start), "type") === "tool_use");
  // From the last one on: what becomes shorter moves what stands behind it.
  const named = calls.reduceRight((reply, call) => withOwnToolName(reply, call), bytes);
  return calls.length > 0 && named.includes("end_turn") ? stoppedForTools(named, { start: rootOf(named) }) : named;
}

/** One that has a name already keeps it, and what is no event stays as it is. */
function named(event: Buffer, type = ""): Buffer {
  const lacksName = /^\w+$/.test(type) && !/^event:/m.test(event.toString("latin1"));
  return lacksName ? Buffer.concat([Buffer.from(`event: ${type}\n`), event]) : event;
}

type Fields = Readonly<Record<string, unknown>>;

const ofMessage: Fields = { content: [], usage: { input_tokens: 0, output_tokens: 0 } };
const ofEnd: Fields = { usage: { output_tokens: 0 } };

/** The object that begins at a place, with those fields that it has not, or has null for. */
function withFields(bytes: Buffer, at: number | undefined, fields: Fields): Buffer {
  if (at === undefined) return bytes;
  const own = fieldSpans(bytes, at);
  const lacks = ([name]: [string, unknown]) => typeof (valueNamed(bytes, own, name) ?? undefined) !== "object";
  return addFields(bytes, Object.fromEntries(Object.entries(fields).filter(lacks)), at);
}

/** Where the object in an event's field of that name stands in its bytes. */
function objectIn(bytes: Buffer, field: "message" | "content_block" | "delta"): Span | undefined {
  return fieldNamed(bytes, fieldSpans(bytes, bytes.indexOf("{")), field)?.value;
}

function withoutInput(bytes: Buffer): Buffer {
  const block = objectIn(bytes, "content_block");
  const input = block && fieldNamed(bytes, fieldSpans(bytes, block.start), "input")?.value;
  return input === undefined ? bytes : splice(bytes, [{ ...input, by: "{}" }]);
}

function inputDelta(index: unknown, input: JsonObject): Buffer {
  return eventOf("content_block_delta", { index, delta: { type: "input_json_delta", partial_json: stringifyExactly(input) } });
}

function eventOf(type: string, fields: JsonObject): Buffer {
  return Buffer.from(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
}

/** With "tool_use" where the object that begins at a place gives "end_turn" as the reason. */
function stoppedForTools(bytes: Buffer, object: Pick<Span, "start"> | undefined): Buffer {
  const stop = object && fieldNamed(bytes, fieldSpans(bytes, object.start), "stop_reason")?.value;
  return stop === undefined || parsed(bytes, stop) !== "end_turn" ? bytes : splice(bytes, [{ ...stop, by: '"tool_use"' }]);
}
