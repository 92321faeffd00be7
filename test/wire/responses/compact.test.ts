import { describe, expect, it } from "vitest";
import { openCompaction } from "../../../src/wire/responses/compact.ts";
import { acceptContext, accepted, type Json, say } from "./reading.ts";

describe("a compaction", () => {
  const body = {
    model: "m",
    input: [
      { role: "user", content: "fix it" },
      { type: "function_call", call_id: "1", name: "f", arguments: "{}" },
      { type: "function_call_output", call_id: "1", output: "done" },
    ],
  };

  it("asks for a summary in an ordinary request and gives it back as an item that later requests understand", () => {
    const opened: Json = openCompaction(body, acceptContext());
    const { request, write } = accepted(opened.body);
    expect(request).toMatchObject({ stream: false, toolChoice: { type: "none" } });
    expect(request.turns.at(-1)?.role).toBe("user");
    const answer = opened.answer(write.reply([say.start, ...say.text("It was fixed."), say.end()]));
    expect(answer).toMatchObject({
      object: "response.compaction",
      created_at: 1_700_000_000,
      output: [
        // Whole, as a reader of items wants it, however briefly the client wrote it.
        {
          type: "message",
          id: expect.stringMatching(/^msg_/),
          status: "completed",
          role: "user",
          content: [{ type: "input_text", text: "fix it" }],
        },
        { type: "compaction", id: expect.stringMatching(/^cmp_/) },
      ],
      usage: { total_tokens: 15 },
    });
    const { turns } = accepted({ input: [...answer.output, { role: "user", content: "go on" }] }).request;
    expect(turns.map((turn) => (turn.parts[0] as Json).text)).toEqual(["fix it", "It was fixed.", "go on"]);
  });

  it("keeps the parts of a message, and says of an image how it is looked at", () => {
    const image = { type: "input_image", image_url: "data:image/png;base64,AA==" };
    const given = { type: "message", id: "msg_1", role: "user", content: [{ type: "input_text", text: "see" }, image] };
    const opened: Json = openCompaction({ model: "m", input: [given] }, acceptContext());
    expect(opened.answer({ output: [] }).output[0]).toEqual({
      ...given,
      status: "completed",
      content: [
        { type: "input_text", text: "see" },
        { ...image, detail: "auto" },
      ],
    });
  });

  it.each([
    [{ input: "x" }, "model"],
    [{ model: "m" }, "input"],
    [null, "model"],
  ])("refuses %j", (given, field) => {
    expect(openCompaction(given, acceptContext())).toMatchObject({ failure: { kind: "bad-request", refused: { field } } });
  });
});
