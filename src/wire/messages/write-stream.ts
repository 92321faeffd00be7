import type { ReplyEvent, Usage } from "../../model/event.ts";
import { stringifyExactly } from "../../model/exact-json.ts";
import type { Failure } from "../../model/failure.ts";
import type { Seal } from "../../model/opaque.ts";
import type { Stage } from "../../model/stage.ts";
import type { Audience } from "../../model/wire.ts";
import { type JsonObject, objectOf, stringOf } from "../json.ts";
import { opaqueBlocks } from "./opaque-blocks.ts";
import { redactedOf, signatureOf } from "./seal.ts";
import { writeStop } from "./stop.ts";
import { finalUsage, writeUsage } from "./usage.ts";
import { errorInReply } from "./write-failure.ts";

/** The names in a reply: an id in this wire's form for the provider's, and the model as the client named it. */
export interface ReplyNames {
  readonly id: (given: string) => string;
  readonly model: string;
}

const inputDelta = '"type":"input_json_delta","partial_json":';
const ping = 'event: ping\ndata: {"type":"ping"}\n\n';

/**
 * Writes events as Anthropic's stream. Each is one string of name line, data line and blank line, since some clients lose an event whose lines
 * arrive apart. Blocks are numbered here and never overlap. A block of text or thinking is opened by its first delta, so that none is empty.
 */
export function writeStream(reply: ReplyNames, requestId: string, audience?: Audience): Stage<ReplyEvent, string> {
  let state: "before" | "open" | "over" = "before";
  let index = -1;
  let prefix = "";
  let open: "text" | "thinking" | undefined;
  let called = false;
  let wroteArguments = false;
  let startUsage: Usage = {};
  /** The type of the last block. */
  let last: unknown;

  const deltaHead = () => `event: content_block_delta\ndata: {"type":"content_block_delta","index":${index},"delta":{`;
  const start = (block: JsonObject, delta: string): string => {
    index += 1;
    last = block.type;
    prefix = deltaHead() + delta;
    return frame("content_block_start", { type: "content_block_start", index, content_block: block });
  };
  const delta = (text: string): string => `${prefix}${JSON.stringify(text)}}}\n\n`;
  const stop = (): string => `event: content_block_stop\ndata: {"type":"content_block_stop","index":${index}}\n\n`;
  const openText = (): string => {
    open = "text";
    return start({ type: "text", text: "" }, '"type":"text_delta","text":');
  };
  const openThinking = (): string => {
    open = "thinking";
    return start({ type: "thinking", thinking: "", signature: "" }, '"type":"thinking_delta","thinking":');
  };
  const close = (): string[] => {
    if (open === undefined) return [];
    open = undefined;
    return [stop()];
  };
  const endThinking = (seal: Seal | undefined): string[] => {
    const data = redactedOf(seal);
    if (open === undefined && data !== undefined) return [start({ type: "redacted_thinking", data }, ""), stop()];
    if (open === undefined && seal === undefined) return [];
    const opened = open === undefined ? [openThinking()] : [];
    const sealed = `${deltaHead()}"type":"signature_delta","signature":${JSON.stringify(signatureOf(seal))}}}\n\n`;
    return [...opened, sealed, ...close()];
  };
  const writeWhole = (block: JsonObject): string[] => {
    if (block.type === "text") return [openText(), delta(stringOf(block.text) ?? ""), ...close()];
    if (block.type === "compaction") {
      const { content = null, encrypted_content = null } = block;
      const opened = start({ ...block, content: null, encrypted_content: null }, "");
      const whole = { type: "compaction_delta", content, encrypted_content };
      return [opened, frame("content_block_delta", { type: "content_block_delta", index, delta: whole }), stop()];
    }
    if (block.input === undefined) return [start(block, ""), stop()];
    // Clients read an input only from a delta.
    return [start({ ...block, input: {} }, inputDelta), delta(stringifyExactly(objectOf(block.input))), stop()];
  };
  const failed = (failure: Failure): string[] => {
    const started = state === "open";
    if (state === "over") return [];
    state = "over";
    return [frame("error", errorInReply(failure, requestId, started, audience))];
  };

  const write = (event: ReplyEvent): string[] => {
    switch (event.type) {
      case "text-delta":
        if (event.text === "") return [];
        return open === undefined ? [openText(), delta(event.text)] : [delta(event.text)];
      case "thinking-delta":
        if (event.text === "") return [];
        return open === undefined ? [openThinking(), delta(event.text)] : [delta(event.text)];
      case "tool-delta":
        if (event.json === "") return [];
        wroteArguments = true;
        return [delta(event.json)];
      case "reply-start": {
        state = "open";
        startUsage = event.usage ?? {};
        const usage = writeUsage({ ...startUsage, output: startUsage.output ?? 0 });
        const message = {
          id: reply.id(event.id),
          type: "message",
          role: "assistant",
          model: reply.model,
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage,
        };
        return [frame("message_start", { type: "message_start", message })];
      }
      case "text-start":
      case "thinking-start":
      // This wire has no field to ask for them.
      case "logprobs":
        return [];
      case "text-end":
        return close();
      case "thinking-end":
        return endThinking(event.seal);
      case "tool-start":
        called = true;
        wroteArguments = false;
        return [start({ type: "tool_use", id: event.id, name: event.name, input: {} }, inputDelta)];
      case "tool-end":
        return wroteArguments ? [stop()] : [delta("{}"), stop()];
      case "opaque":
        return opaqueBlocks(event.part).flatMap(writeWhole);
      case "reply-end": {
        state = "over";
        const usage = writeUsage(finalUsage(startUsage, event.usage));
        return [
          frame("message_delta", { type: "message_delta", delta: writeStop(event.stop, called, last), usage }),
          'event: message_stop\ndata: {"type":"message_stop"}\n\n',
        ];
      }
      case "failure":
        return failed(event.failure);
    }
  };

  return {
    push: (event) => (state === "over" ? [] : write(event)),
    idle: () => (state === "over" ? [] : [ping]),
    fail: failed,
    end: () => failed({ kind: "cut-off", origin: "provider", message: "the stream ended without an end" }),
  };
}

function frame(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${stringifyExactly(data)}\n\n`;
}
