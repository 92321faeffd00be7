import type { ReplyEvent } from "../../model/event.ts";
import { stringifyExactly } from "../../model/exact-json.ts";
import type { Failure } from "../../model/failure.ts";
import { createOutbox } from "../../model/outbox.ts";
import type { Stage } from "../../model/stage.ts";
import type { Audience } from "../../model/wire.ts";
import { type JsonObject, objectOf, stringOf } from "../json.ts";
import { withOwnOfReply } from "../own-fields.ts";
import { writeBlocks } from "./write-blocks.ts";
import { errorInReply } from "./write-failure.ts";

/** The names in a reply: an id in this wire's form for the provider's, and the model as the client named it. */
export interface ReplyNames {
  readonly id: (given: string) => string;
  readonly model: string;
}

const ping = 'event: ping\ndata: {"type":"ping"}\n\n';

/** The delta of a block by its type; of all others an input comes in pieces. */
const deltas: ReadonlyMap<unknown, string> = new Map([
  ["text", '"type":"text_delta","text":'],
  ["thinking", '"type":"thinking_delta","thinking":'],
]);
const inputDelta = '"type":"input_json_delta","partial_json":';

/**
 * Writes events as Anthropic's stream. Each is one string of name line, data line and blank line, since some clients lose an event whose lines
 * arrive apart. Blocks are numbered here.
 */
export function writeStream(reply: ReplyNames, requestId: string, audience?: Audience): Stage<ReplyEvent, string> {
  let state: "before" | "open" | "over" = "before";
  let index = -1;
  let prefix = "";
  /** A block of thinking is open. */
  let thinks = false;
  const out = createOutbox<string>();

  const frame = (name: string, fields: JsonObject): void =>
    out.put(`event: ${name}\ndata: ${stringifyExactly({ type: name, ...fields })}\n\n`);
  const deltaHead = () => `event: content_block_delta\ndata: {"type":"content_block_delta","index":${index},"delta":{`;

  const open = (content_block: JsonObject): void => {
    index += 1;
    thinks = content_block.type === "thinking";
    prefix = deltaHead() + (deltas.get(content_block.type) ?? inputDelta);
    frame("content_block_start", { index, content_block });
  };
  const add = (piece: string): void => out.put(`${prefix}${JSON.stringify(piece)}}}\n\n`);
  const close = (): void => {
    thinks = false;
    out.put(`event: content_block_stop\ndata: {"type":"content_block_stop","index":${index}}\n\n`);
  };

  const write = writeBlocks({
    begin(given, usage, own) {
      state = "open";
      const names = { id: reply.id(given), type: "message", role: "assistant", model: reply.model };
      frame("message_start", { message: { ...own, ...names, content: [], stop_reason: null, stop_sequence: null, usage } });
    },
    open,
    add,
    sign: (signature) => out.put(`${deltaHead()}"type":"signature_delta","signature":${JSON.stringify(signature)}}}\n\n`),
    cite: (citation) => frame("content_block_delta", { index, delta: { type: "citations_delta", citation } }),
    close,
    put(block) {
      if (block.type === "text") {
        open({ type: "text", text: "" });
        add(stringOf(block.text) ?? "");
      } else if (block.type === "compaction") {
        const { content = null, encrypted_content = null } = block;
        open({ ...block, content: null, encrypted_content: null });
        frame("content_block_delta", { index, delta: { type: "compaction_delta", content, encrypted_content } });
      } else if (block.input === undefined) open(block);
      else {
        // Clients read an input only from a delta.
        open({ ...block, input: {} });
        add(stringifyExactly(objectOf(block.input)));
      }
      close();
    },
    end(stop, usage, { delta, ...own }) {
      state = "over";
      frame("message_delta", { ...own, delta: withOwnOfReply({ ...stop }, objectOf(delta)), usage });
      out.put('event: message_stop\ndata: {"type":"message_stop"}\n\n');
    },
  });
  const fail = (failure: Failure): readonly string[] => {
    if (state === "over") return nothing;
    const error = errorInReply(failure, requestId, state === "open", audience);
    state = "over";
    // Behind a block that is whole Claude Code asks for the answer by a stream again, otherwise once without. Half a thought is no half of an answer.
    if (thinks) write({ type: "thinking-end" });
    out.put(`event: error\ndata: ${stringifyExactly(error)}\n\n`);
    return out.take();
  };

  return {
    push(event) {
      if (event.type === "failure") return fail(event.failure);
      if (state === "over") return nothing;
      write(event);
      return out.take();
    },
    idle: () => (state === "over" ? nothing : [ping]),
    fail,
    end: () => fail({ kind: "cut-off", origin: "provider", message: "the stream ended without an end" }),
  };
}

const nothing: readonly string[] = [];
