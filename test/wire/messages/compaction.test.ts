import { describe, expect, it } from "vitest";
import type { ReplyEvent, Stop } from "../../../src/model/event.ts";
import { parseExactly } from "../../../src/model/exact-json.ts";
import { runStage } from "../../../src/model/pipe.ts";
import { messagesClient } from "../../../src/wire/messages/client.ts";

const ids = { next: (prefix: string) => `${prefix}1` };
const removal = { type: "tool_removal", tool: { type: "tool_reference", name: "Read" } };
const conversation = {
  model: "m",
  max_tokens: 9,
  tools: [
    { name: "Read", input_schema: {} },
    { name: "Bash", input_schema: {} },
  ],
  messages: [
    { role: "user", content: "hi" },
    { role: "system", content: [removal] },
  ],
};
function accept(compaction: unknown) {
  const accepted = messagesClient.accept({ ...conversation, compaction }, { ids, now: 0 });
  if ("failure" in accepted) throw new Error(accepted.failure.message);
  return accepted;
}
const said = (reason: Exclude<Stop["reason"], "stop-sequence" | "refusal"> = "end"): ReplyEvent[] => [
  { type: "reply-start", id: "1" },
  { type: "thinking-start" },
  { type: "thinking-delta", text: "hm" },
  { type: "thinking-end" },
  { type: "text-start" },
  { type: "text-delta", text: "What " },
  { type: "text-delta", text: "was said.\n" },
  { type: "text-end" },
  { type: "reply-end", stop: { reason }, usage: { input: 3, output: 2 } },
];

describe("a request for a summary of its conversation", () => {
  it("asks the model for it in the client's words or ours, with the tools that it may not call", () => {
    const own = accept({ type: "summarize", instructions: "Be short." }).request;
    expect(own.turns.at(-1)).toEqual({ role: "user", parts: [{ type: "text", text: "Be short." }] });
    expect(own.toolChoice).toEqual({ type: "none" });
    expect(own.tools).toMatchObject([{ name: "Bash" }]);
    expect(accept({ type: "summarize", instructions: "  " }).request.turns.at(-1)).toMatchObject({
      parts: [{ text: expect.stringContaining("summary") }],
    });
    expect(accept(null).request.turns).toHaveLength(1);
  });

  it("is answered with the summary alone, whole and in a stream", () => {
    const block = { type: "compaction", content: "What was said.", encrypted_content: null, tool_changes: [removal] };
    expect(accept({ type: "summarize" }).write.reply(said())).toMatchObject({ content: [block], stop_reason: "compaction" });
    const stream = runStage(accept({ type: "summarize" }).write.stream("req_1"), said());
    const events = stream.map((frame) => JSON.parse(frame.split("data: ")[1] ?? ""));
    expect(events.slice(1)).toMatchObject([
      { type: "content_block_start", index: 0, content_block: { ...block, content: null } },
      { type: "content_block_delta", index: 0, delta: { type: "compaction_delta", content: "What was said.", encrypted_content: null } },
      { type: "content_block_stop", index: 0 },
      { type: "message_delta", delta: { stop_reason: "compaction" } },
      { type: "message_stop" },
    ]);
  });

  it("is kept waiting in a stream, and failed, as any other", () => {
    const stream = accept({ type: "summarize" }).write.stream("req_1");
    for (const event of said().slice(0, 3)) stream.push(event);
    expect(stream.idle().join("")).toBe('event: ping\ndata: {"type":"ping"}\n\n');
    const failed = stream.fail({ kind: "overloaded", message: "no room", origin: "provider" });
    expect(failed.map((frame) => JSON.parse(frame.split("data: ")[1] ?? ""))).toMatchObject([
      { type: "error", error: { type: "overloaded_error", message: "no room" } },
    ]);
    expect(stream.end()).toEqual([]);
  });

  it("gives a tool that came back as it was, with a number that a double cannot hold", () => {
    const limit = '"maximum":9223372036854775807';
    const addition = `{"type":"tool_addition","tool":{"definition":{"name":"Read","input_schema":{${limit}}}}}`;
    const messages = [...conversation.messages, { role: "system", content: [parseExactly(addition)] }];
    const body = { ...conversation, compaction: { type: "summarize" }, messages };
    const accepted = messagesClient.accept(body, { ids, now: 0 });
    if ("failure" in accepted) throw new Error(accepted.failure.message);
    expect(runStage(accepted.write.stream("req_1"), said()).join("")).toContain(limit);
  });

  it("is answered without changes of the tools where there are none", () => {
    const messages = [{ role: "user" as const, content: "hi" }];
    const accepted = messagesClient.accept({ ...conversation, messages, compaction: { type: "summarize" } }, { ids, now: 0 });
    if ("failure" in accepted) throw new Error(accepted.failure.message);
    expect(accepted.write.reply(said())).toMatchObject({ content: [{ type: "compaction", content: "What was said." }] });
    expect(JSON.stringify(accepted.write.reply(said()))).not.toContain("tool_changes");
  });

  it("is answered without a summary where that was cut: the client keeps its conversation", () => {
    expect(accept({ type: "summarize" }).write.reply(said("max-output"))).toMatchObject({ content: [{ content: null }] });
  });
});
