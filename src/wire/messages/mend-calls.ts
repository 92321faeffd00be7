import { stringifyExactly } from "../../model/exact-json.ts";
import { type JsonObject, objectOf, textOf } from "../json.ts";
import { fieldNamed, fieldSpans, itemsOf, parsed, rootOf, type Span, splice, valueNamed } from "../json-bytes.ts";
import { type EventMend, mostOpen, readEvent } from "./mend-events.ts";

// Calls in a reply whose bytes pass, where a server that is compatible with Anthropic's tells them so that they are not run as the model meant.

/**
 * In a stream: all arguments stand where the call begins (vLLM), while clients read them from deltas and run the call without any; or the
 * reason to stop is "end_turn", after which an agent stops too (LiteLLM #34692, Bifrost #3638). Arguments that come in a delta no longer stand
 * at the beginning, since the Vercel AI SDK puts both together.
 */
export function mendCalls(): EventMend {
  let calls = false;
  /** By a call's index, since blocks may overlap: the arguments that stood where it began, until a delta brings some. */
  const inputs = new Map<unknown, JsonObject>();
  const begin = (bytes: Buffer): Buffer => {
    const event = readEvent(bytes);
    const block = objectOf(event["content_block"]);
    if (block["type"] !== "tool_use") return bytes;
    calls = true;
    const input = objectOf(block["input"]);
    if (inputs.size >= mostOpen || Object.keys(input).length === 0) return bytes;
    inputs.set(event["index"], input);
    return withoutInput(bytes);
  };
  return {
    mend(bytes, type) {
      if (type === "content_block_start") return bytes.includes("tool_use") ? begin(bytes) : bytes;
      if (type === "message_delta") return calls ? stoppedForTools(bytes, objectIn(bytes, "delta")) : bytes;
      if (inputs.size === 0 || !isOfBlock(type)) return bytes;
      const { index, delta } = readEvent(bytes);
      const input = inputs.get(index);
      if (input === undefined) return bytes;
      const ends = type === "content_block_stop";
      if (ends || textOf(objectOf(delta)["partial_json"])) inputs.delete(index);
      return ends ? [inputDelta(index, input), bytes] : bytes;
    },
  };
}

const isOfBlock = (type?: string) => type === "content_block_delta" || type === "content_block_stop";

/** In a whole reply: the reason to stop. */
export function mendCallsInReply(bytes: Buffer): Buffer {
  if (!bytes.includes("end_turn")) return bytes;
  const calls = itemsOf(bytes, "content").some(({ start }) => valueNamed(bytes, fieldSpans(bytes, start), "type") === "tool_use");
  return calls ? stoppedForTools(bytes, { start: rootOf(bytes) }) : bytes;
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
