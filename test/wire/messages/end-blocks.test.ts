import { describe, expect, it } from "vitest";
import { mendReply } from "../../../src/wire/messages/mend-reply.ts";

function pass(stream: string): string {
  const mend = mendReply();
  return mend.push(Buffer.from(stream)).toString() + mend.end().toString();
}

const event = (value: { readonly type: string; readonly [field: string]: unknown }) =>
  `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;
const start = (index: number) => event({ type: "content_block_start", index, content_block: { type: "text", text: "" } });
const text = event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "hi" } });
const stop = (index: number) => event({ type: "content_block_stop", index });
const told = (delta: object) => event({ type: "message_delta", delta, usage: { output_tokens: 1 } });
const why = told({ stop_reason: "end_turn", stop_sequence: null });
const last = event({ type: "message_stop" });

describe("the blocks of a stream whose bytes pass", () => {
  it.each([
    ["stay as they are where each ends", start(0) + text + stop(0) + start(1) + stop(1) + why + last, undefined],
    ["end where the reply says why it stops", start(0) + text + why + last, start(0) + text + stop(0) + why + last],
    ["all do", start(0) + text + start(1) + why + last, start(0) + text + start(1) + stop(0) + stop(1) + why + last],
    ["end once", start(0) + text + why + stop(0) + last, start(0) + text + stop(0) + why + last],
    ["stay open where usage alone is told", start(0) + told({}) + text + stop(0) + why + last, undefined],
    ["stay open where the stream breaks off", start(0) + text, undefined],
  ])("%s", (_what, stream, ended) => {
    expect(pass(stream)).toBe(ended ?? stream);
  });
});
