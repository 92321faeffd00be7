/**
 * Reads a Messages event stream as the strictest client would and answers what it says, or what is wrong with it. Written from the
 * documentation of the wire, independently of fcc's own reader and writer.
 */
export interface Block {
  readonly type: string;
  text: string;
  thinking: string;
  json: string;
  signature?: string;
  readonly id?: string;
  readonly name?: string;
}

export interface Told {
  readonly problems: string[];
  readonly blocks: Block[];
  model?: string;
  stop?: string;
  stopSequence?: string | null;
  usage?: Record<string, number>;
  error?: { type: string; message: string };
}

export interface Reading {
  /** The provider speaks this wire too: what is of its own kinds comes through, and nothing is known of it. Otherwise fcc would have made it up. */
  readonly foreign?: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: a checker looks into anything.
type Json = any;

/** The kinds that a client knows, and for each what it may say in deltas. */
const deltasOf: Readonly<Record<string, readonly string[]>> = {
  text: ["text_delta"],
  thinking: ["thinking_delta", "signature_delta"],
  redacted_thinking: [],
  tool_use: ["input_json_delta"],
  server_tool_use: ["input_json_delta"],
  web_search_tool_result: [],
};

export function readMessagesStream(text: string, { foreign = false }: Reading = {}): Told {
  const told: Told = { problems: [], blocks: [] };
  const problem = (what: string) => void told.problems.push(what);
  let state: "before" | "open" | "delta" | "after" = "before";
  let current: Block | undefined;
  let signatures = 0;
  for (const frame of text.split("\n\n")) {
    if (frame === "" || frame.startsWith(":")) continue;
    const match = /^event: ([^\n]+)\ndata: ([^\n]+)$/.exec(frame);
    if (!match) {
      problem(`a frame that is not event and data: ${JSON.stringify(frame.slice(0, 80))}`);
      continue;
    }
    const data = JSON.parse(match[2] ?? "") as Json;
    if (data.type !== match[1]) problem(`event ${match[1]} carries type ${data.type}`);
    if (data.type === "ping") continue;
    if (state === "after") problem(`${data.type} after the end`);
    switch (data.type) {
      case "message_start": {
        if (state !== "before") problem("a second message_start");
        state = "open";
        const { message } = data;
        for (const key of ["id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "usage"])
          if (!(key in message)) problem(`message_start without ${key}`);
        for (const key of ["input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"])
          if (!Number.isInteger(message.usage?.[key]) || message.usage[key] < 0)
            problem(`message_start usage.${key} is ${message.usage?.[key]}`);
        told.model = message.model;
        break;
      }
      case "content_block_start": {
        if (state !== "open" || current) problem("content_block_start out of place");
        if (data.index !== told.blocks.length) problem(`index ${data.index} for block ${told.blocks.length}`);
        const block = data.content_block;
        if (!Object.hasOwn(deltasOf, String(block.type)) && !foreign) problem(`a block of the unknown kind ${block.type}`);
        if (block.type === "text" && block.text !== "") problem("text block does not start empty");
        if (block.type === "thinking" && (block.thinking !== "" || block.signature !== "")) problem("thinking block does not start empty");
        if (block.type === "tool_use" && (JSON.stringify(block.input) !== "{}" || !block.id || !block.name))
          problem("tool_use block without id, name or empty input");
        current = { type: block.type, text: "", thinking: "", json: "", id: block.id, name: block.name };
        signatures = 0;
        told.blocks.push(current);
        break;
      }
      case "content_block_delta": {
        if (!current || data.index !== told.blocks.length - 1) {
          problem("a delta for no open block");
          break;
        }
        const { delta } = data;
        const known = Object.hasOwn(deltasOf, current.type) ? deltasOf[current.type] : undefined;
        if (known === undefined ? !foreign : !known.includes(delta.type)) problem(`${delta.type} in a ${current.type} block`);
        if (delta.type === "text_delta") current.text += delta.text;
        if (delta.type === "thinking_delta") {
          current.thinking += delta.thinking;
          if (signatures > 0) problem("thinking after its signature");
        }
        if (delta.type === "input_json_delta") current.json += delta.partial_json;
        if (delta.type === "signature_delta") {
          signatures += 1;
          if (typeof delta.signature !== "string" || delta.signature === "") problem("an empty signature");
          current.signature = delta.signature;
        }
        break;
      }
      case "content_block_stop":
        if (!current || data.index !== told.blocks.length - 1) problem("content_block_stop for no open block");
        if (current?.type === "thinking" && signatures !== 1) problem(`${signatures} signatures in a thinking block`);
        current = undefined;
        break;
      case "message_delta":
        if (state !== "open" || current) problem("message_delta out of place");
        state = "delta";
        if (!Number.isInteger(data.usage?.output_tokens)) problem("message_delta without usage.output_tokens");
        if (typeof data.delta.stop_reason !== "string") problem("message_delta without a stop_reason");
        told.stop = data.delta.stop_reason;
        told.stopSequence = data.delta.stop_sequence;
        told.usage = data.usage;
        break;
      case "message_stop":
        if (state !== "delta") problem("message_stop out of place");
        state = "after";
        break;
      case "error":
        state = "after";
        told.error = data.error;
        if (typeof data.error?.type !== "string" || typeof data.error?.message !== "string" || data.error.message === "")
          problem("an error without type and message");
        break;
      default:
        problem(`an unknown event ${data.type}`);
    }
  }
  if (state !== "after") problem(`the stream ended in state ${state}`);
  return told;
}
