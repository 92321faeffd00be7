import { describe, expect, it } from "vitest";
import { responsesClient } from "../../../src/wire/responses/client.ts";
import { createResponseMemory } from "../../../src/wire/responses/memory.ts";
import { tapStream, usageOfReply } from "../../../src/wire/responses/tap.ts";
import { acceptContext, accepted, type Json, readResponsesStream, recording, say, streamed } from "./reading.ts";

const answer = (id: string, text = "a") => ({
  id,
  status: "completed",
  output: [{ type: "message", role: "assistant", content: [{ type: "output_text", text }] }],
});
const expanded = (memory: ReturnType<typeof createResponseMemory>, body: object): Json => {
  const result = memory.expand(body);
  if ("failure" in result) throw new Error(result.failure.message);
  return result.body;
};

describe("what was said before", () => {
  it("goes before the new input, over more than one step", () => {
    const memory = createResponseMemory();
    memory.remember({ model: "m", input: "one" }, answer("resp_1"));
    const second = expanded(memory, { model: "m", input: "two", previous_response_id: "resp_1" });
    memory.remember(second, answer("resp_2", "b"));
    const third = expanded(memory, { model: "m", input: [{ role: "user", content: "three" }], previous_response_id: "resp_2" });
    const { request, write } = accepted(third);
    expect(request.turns.map((turn) => (turn.parts[0] as Json).text)).toEqual(["one", "a", "two", "b", "three"]);
    expect(write.reply([say.start, ...say.text("x"), say.end()])).toMatchObject({ previous_response_id: "resp_2" });
  });

  it("is learned from a stream as it is written", () => {
    const memory = createResponseMemory();
    const body = { model: "m", input: "one" };
    // U+2028 ends a line for a regular expression, and none of a stream.
    const text = streamed([say.start, ...say.text("event: response.completed\ndata: {}\u2028"), say.end()], body);
    const watch = memory.watch(body);
    for (const event of text.split(/(?<=\n\n)/)) watch(event);
    const { response } = readResponsesStream(text);
    expect(expanded(memory, { input: "two", previous_response_id: response.id }).input).toHaveLength(3);
  });

  it("is not kept where the client says so, or of a reply that failed", () => {
    const memory = createResponseMemory();
    memory.remember({ input: "one", store: false }, answer("resp_1"));
    memory.remember({ input: "one" }, { ...answer("resp_2"), status: "failed" });
    for (const id of ["resp_1", "resp_2", "resp_3"]) {
      const result = memory.expand({ input: "two", previous_response_id: id }) as Json;
      expect(responsesClient.writeFailure(result.failure, "r")).toMatchObject({
        status: 400,
        body: { error: { code: "previous_response_not_found" } },
      });
    }
  });

  it.each([
    ["entries", { entries: 2 }],
    ["bytes", { bytes: 450 }],
  ])("is bounded in %s; the longest unused goes first", (_, bounds) => {
    const memory = createResponseMemory(bounds);
    memory.remember({ input: "1" }, answer("a"));
    memory.remember({ input: "2" }, answer("b"));
    memory.expand({ previous_response_id: "a" });
    memory.remember({ input: "3" }, answer("c"));
    expect(["a", "b", "c"].map((id) => "body" in memory.expand({ previous_response_id: id }))).toEqual([true, false, true]);
  });

  it("stands in for the references by which a client names the items of a reply, as long as one that has them is kept", () => {
    const memory = createResponseMemory({ entries: 2 });
    const item = { id: "msg_1", type: "message", role: "assistant", content: [{ type: "output_text", text: "a" }] };
    const reference = { type: "item_reference", id: "msg_1" };
    const asked = { model: "m", input: [{ role: "user", content: "one" }, reference, { role: "user", content: "two" }] };
    expect(memory.knows(asked)).toBe(false);
    memory.remember({ model: "m", input: "one" }, { ...answer("resp_1"), output: [item] });
    expect(memory.knows(asked)).toBe(true);
    const second = expanded(memory, asked);
    expect(second.input[1]).toBe(item);
    memory.remember(second, answer("resp_2", "b"));
    // The first is forgotten, the second goes on from it.
    memory.remember({ input: "3" }, answer("resp_3"));
    expect(memory.knows(asked)).toBe(true);
    memory.remember({ input: "4" }, answer("resp_4"));
    expect(memory.knows(asked)).toBe(false);
    // What nobody here knows is left to whom it means something.
    expect(expanded(memory, asked)).toBe(asked);
  });

  it("leaves other bodies as they are", () => {
    const body = { input: "x" };
    expect(createResponseMemory().expand(body)).toEqual({ body });
    expect(createResponseMemory().expand(null)).toEqual({ body: null });
  });

  it("is never accepted in part: an id that nobody expanded is refused", () => {
    expect(responsesClient.accept({ model: "m", input: "x", previous_response_id: "resp_1" }, acceptContext())).toHaveProperty("failure");
  });
});

describe("the usage of a reply that passes untouched", () => {
  it.each(["llamacpp-text", "ollama-text", "vllm-text"])("is read from %s however it is cut", (name) => {
    const { body } = recording(`responses/${name}.json`);
    const bytes = new TextEncoder().encode(body);
    const usage = [bytes.length, 1000, 7].map((size) => {
      const tap = tapStream();
      for (let at = 0; at < bytes.length; at += size) tap.push(bytes.subarray(at, at + size));
      tap.end();
      return tap.seen().usage;
    });
    expect(usage[0]).toMatchObject({ input: expect.any(Number), output: expect.any(Number) });
    expect(usage.slice(1)).toEqual([usage[0], usage[0]]);
  });

  it.each([["Overheated."], ['"Overheated."'], ['{"error":"Overheated."}'], ['{"message":"Overheated."}']])(
    "is none of one that an error ends, whatever its words stand in: %s",
    (data) => {
      const tap = tapStream();
      tap.push(new TextEncoder().encode(`event: error\ndata: ${data}\n\n`));
      tap.end();
      expect(tap.seen()).toMatchObject({ cut: false, failure: { message: "Overheated." } });
    },
  );

  it("is read from a whole reply", () => {
    expect(usageOfReply(recording("responses/vllm-whole.json").body)).toMatchObject({ output: expect.any(Number) });
    expect(usageOfReply("no")).toBeUndefined();
  });
});
