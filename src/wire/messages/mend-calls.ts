import { parseExactly, stringifyExactly } from "../../model/exact-json.ts";
import { cutEvents } from "../cut-events.ts";
import { type JsonObject, objectOf, textOf } from "../json.ts";
import { fieldNamed, fieldSpans, itemsOf, parsed, rootOf, type Span, splice, valueNamed } from "../json-bytes.ts";

// Calls in a reply whose bytes pass, where a server that is compatible with Anthropic's tells them so that they are not run as the model meant.

/** Changes bytes on their way. */
export interface ByteMend {
  /** What may go on of all that was pushed. */
  push(bytes: Buffer): Buffer;
  /** What is held when the bytes end, or are broken off. */
  end(how?: "broken"): Buffer;
}

/** One after the other. */
export function mendsInTurn(first: ByteMend, second: ByteMend): ByteMend {
  return {
    push: (bytes) => second.push(first.push(bytes)),
    end: (how) => Buffer.concat([second.push(first.end(how)), second.end(how)]),
  };
}

/** Calls that are open at once. A server that ends none must not fill the memory. */
const mostOpen = 1000;

/** The bytes within which an event says what it is. */
const untilTold = 256;

const nothing = Buffer.alloc(0);

/**
 * In a stream: all arguments stand where the call begins (vLLM), while clients read them from deltas and run the call without any; or the
 * reason to stop is "end_turn", after which an agent stops too (LiteLLM #34692, Bifrost #3638). Arguments that come in a delta no longer stand
 * at the beginning, since the Vercel AI SDK puts both together. Nothing else changes, and only a call's beginning and what follows it wait
 * until they are whole.
 */
export function mendCallsInStream(): ByteMend {
  const events = cutEvents();
  let watches = false;
  /** How much of an event that is not whole has gone already. */
  let gone = 0;
  /** Whether the event that is not whole waits for its end, since it begins a block. */
  let waits = false;
  let calls = false;
  /** By a call's index, since blocks may overlap: the arguments that stood where it began, until a delta brings some. */
  const inputs = new Map<unknown, JsonObject>();

  const mend = (bytes: Buffer, hasGone: boolean): readonly Buffer[] => {
    const event = readEvent(bytes);
    switch (event["type"]) {
      case "content_block_start": {
        const block = objectOf(event["content_block"]);
        if (block["type"] !== "tool_use") return [bytes];
        calls = true;
        const input = objectOf(block["input"]);
        if (inputs.size >= mostOpen || Object.keys(input).length === 0) return [bytes];
        inputs.set(event["index"], input);
        return [hasGone ? bytes : withoutInput(bytes)];
      }
      case "content_block_delta":
        if (textOf(objectOf(event["delta"])["partial_json"])) inputs.delete(event["index"]);
        return [bytes];
      case "content_block_stop": {
        const untold = inputs.get(event["index"]);
        inputs.delete(event["index"]);
        return untold === undefined ? [bytes] : [inputDelta(event["index"], untold), bytes];
      }
      case "message_delta":
        return [calls ? stoppedForTools(bytes, objectIn(bytes, "delta")) : bytes];
      default:
        return [bytes];
    }
  };

  /** What may go of the event that is not whole: nothing until it has said what it is, and nothing of what begins a block. */
  const begun = (bytes: Buffer): Buffer => {
    if (waits || events.waiting() < untilTold) return nothing;
    const told = gone > 0 ? bytes : Buffer.concat(events.rest());
    waits = gone === 0 && told.includes("content_block_start");
    if (waits) return nothing;
    gone = events.waiting();
    return told;
  };

  return {
    push(bytes) {
      const whole = events.push(bytes);
      watches ||= whole.some((event) => event.includes("tool_use"));
      const ready = watches ? whole.flatMap((event, at) => mend(event, at === 0 && gone > 0)) : whole;
      const out = Buffer.concat(ready).subarray(gone);
      if (whole.length > 0) {
        gone = 0;
        waits = false;
      }
      return watches ? out : Buffer.concat([out, begun(bytes)]);
    },
    end: () => Buffer.concat(events.rest()).subarray(gone),
  };
}

/** In a whole reply: the reason to stop. */
export function mendCallsInReply(bytes: Buffer): Buffer {
  if (!bytes.includes("end_turn")) return bytes;
  const calls = itemsOf(bytes, "content").some(({ start }) => valueNamed(bytes, fieldSpans(bytes, start), "type") === "tool_use");
  return calls ? stoppedForTools(bytes, { start: rootOf(bytes) }) : bytes;
}

/** The depth at which a call's arguments stand in its first event. */
const withinInput = 3;

export function readEvent(bytes: Buffer): JsonObject {
  const lines = bytes.toString("utf8").split(/\r?\n/);
  const data = lines.filter((line) => line.startsWith("data:")).map((line) => line.slice("data:".length));
  try {
    return objectOf(parseExactly(data.join("\n"), withinInput));
  } catch {
    return {};
  }
}

/** Where the object in an event's field of that name stands in its bytes. */
function objectIn(bytes: Buffer, field: "content_block" | "delta"): Span | undefined {
  return fieldNamed(bytes, fieldSpans(bytes, bytes.indexOf("{")), field)?.value;
}

function withoutInput(bytes: Buffer): Buffer {
  const block = objectIn(bytes, "content_block");
  const input = block && fieldNamed(bytes, fieldSpans(bytes, block.start), "input")?.value;
  return input === undefined ? bytes : splice(bytes, [{ ...input, by: "{}" }]);
}

function inputDelta(index: unknown, input: JsonObject): Buffer {
  const delta = { type: "input_json_delta", partial_json: stringifyExactly(input) };
  return Buffer.from(`event: content_block_delta\ndata: ${JSON.stringify({ type: "content_block_delta", index, delta })}\n\n`);
}

/** With "tool_use" where the object that begins at a place gives "end_turn" as the reason. */
function stoppedForTools(bytes: Buffer, object: Pick<Span, "start"> | undefined): Buffer {
  const stop = object && fieldNamed(bytes, fieldSpans(bytes, object.start), "stop_reason")?.value;
  return stop === undefined || parsed(bytes, stop) !== "end_turn" ? bytes : splice(bytes, [{ ...stop, by: '"tool_use"' }]);
}
