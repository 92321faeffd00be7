import { describe, expect, it } from "vitest";
import type { Failure } from "../../../src/model/failure.ts";
import { responsesClient } from "../../../src/wire/responses/client.ts";
import { writeSeal } from "../../../src/wire/responses/seal.ts";
import { acceptContext, accepted, type Json, recording } from "./reading.ts";

const turns = (input: unknown, more: object = {}) => accepted({ input, ...more }).request.turns;
const refused = (body: unknown): Failure => {
  const result = responsesClient.accept(body, acceptContext());
  if (!("failure" in result)) throw new Error("was accepted");
  return result.failure;
};
const text = (value: string) => ({ type: "text", text: value });
const call = (id: string, name = "f") => ({ type: "function_call", call_id: id, name, arguments: "{}" });
const output = (id: string, value: unknown = "ok") => ({ type: "function_call_output", call_id: id, output: value });
const user = { role: "user", content: "hi" };
const update = (effort: string) => ({ type: "configuration_update", reasoning: { effort } });

describe("input to turns", () => {
  it.each([
    ["a string is one user message", "hi", [{ role: "user", parts: [text("hi")] }]],
    [
      "items without a type are messages",
      [user, { role: "assistant", content: "yes" }],
      [{ role: "user" }, { role: "assistant", parts: [text("yes")] }],
    ],
    [
      "developer messages in a row are one system turn",
      [{ role: "developer", content: "a" }, { role: "system", content: [{ type: "input_text", text: "b" }] }, user],
      [{ role: "system", parts: [text("a"), text("b")] }, { role: "user" }],
    ],
    [
      "a developer message in the middle stays there",
      [user, { role: "developer", content: "a" }, user],
      [{ role: "user" }, { role: "system" }, { role: "user" }],
    ],
    [
      "calls among the parts of an assistant's message are calls",
      [
        user,
        { role: "assistant", content: [{ type: "text", text: "ok" }, { ...call("a"), call_id: undefined, id: "a" }, call("b", "g")] },
        output("a"),
        output("b"),
      ],
      [
        { role: "user" },
        { role: "assistant", parts: [text("ok"), { type: "tool-call", id: "a", name: "f" }, { type: "tool-call", id: "b", name: "g" }] },
        {
          role: "user",
          parts: [
            { type: "tool-result", id: "a" },
            { type: "tool-result", id: "b" },
          ],
        },
      ],
    ],
    [
      "every kind of text",
      [{ role: "user", content: ["input_text", "output_text", "text", "summary_text"].map((type) => ({ type, text: type })) }],
      [{ role: "user", parts: ["input_text", "output_text", "text", "summary_text"].map(text) }],
    ],
    [
      "marks for the cache, Claude's and OpenAI's, on parts, outputs and whole messages",
      [
        { role: "developer", content: [{ type: "input_text", text: "a", prompt_cache_breakpoint: { mode: "explicit" } }] },
        { role: "user", cache_control: { type: "ephemeral", ttl: "1h" }, content: "b" },
        { role: "user", cache_control: { type: "ephemeral", ttl: "1h" }, content: [{ type: "input_text", text: "c", cache_control: {} }] },
        call("1"),
        { ...output("1"), cache_control: { type: "ephemeral" } },
      ],
      [
        { role: "system", parts: [{ text: "a", cache: {} }] },
        { role: "user", parts: [{ text: "b", cache: { ttl: "1h" } }] },
        { role: "user", parts: [{ type: "text", text: "c", cache: {} }] },
        { role: "assistant" },
        { role: "user", parts: [{ type: "tool-result", cache: {} }] },
      ],
    ],
    [
      "a refusal is text",
      [{ role: "assistant", content: [{ type: "refusal", refusal: "no" }] }],
      [{ role: "assistant", parts: [text("no")] }],
    ],
    ["one item that stands in no list", { role: "user", content: "a" }, [{ role: "user", parts: [text("a")] }]],
    ["a text that is no item", ["a"], [{ role: "user", parts: [text("a")] }]],
    [
      "one part that stands in no list, and a text that is no part",
      [
        { role: "user", content: text("a") },
        { role: "user", content: ["b"] },
      ],
      [
        { role: "user", parts: [text("a")] },
        { role: "user", parts: [text("b")] },
      ],
    ],
    [
      "files by bare data, address and id",
      [
        {
          role: "user",
          content: [{ file_data: "JVBE" }, { file_url: "https://x/a.pdf" }, { file_id: "f" }].map((file) => ({
            type: "input_file",
            ...file,
          })),
        },
      ],
      [
        {
          role: "user",
          parts: [
            { source: { type: "base64", mediaType: "application/pdf", data: "JVBE" } },
            { source: { type: "url", url: "https://x/a.pdf" } },
            { source: { type: "file", id: "f" } },
          ],
        },
      ],
    ],
    [
      "a file that is text, read; one that only says so, kept",
      [
        {
          role: "user",
          content: [
            { type: "input_file", filename: "a.md", file_data: "data:text/markdown;base64,RklMRSDDpA==" },
            { type: "input_file", filename: "b.txt", file_data: "data:text/plain;base64,//79" },
          ],
        },
      ],
      [
        {
          role: "user",
          parts: [
            { type: "document", source: { type: "text", text: "FILE ä" }, title: "a.md" },
            { type: "document", source: { type: "base64", mediaType: "text/plain", data: "//79" }, title: "b.txt" },
          ],
        },
      ],
    ],
    [
      "images by data, address, object and file",
      [
        {
          role: "user",
          content: [
            { type: "input_image", image_url: "data:image/png;base64,AAAA", detail: "original" },
            { type: "input_image", image_url: "https://x/y.png", detail: "low" },
            { type: "input_image", image_url: { url: "https://x/y.png" } },
            { type: "input_image", file_id: "file_1" },
          ],
        },
      ],
      [
        {
          role: "user",
          parts: [
            { type: "image", source: { type: "base64", mediaType: "image/png", data: "AAAA" }, detail: "high" },
            { type: "image", source: { type: "url", url: "https://x/y.png" }, detail: "low" },
            { type: "image", source: { type: "url", url: "https://x/y.png" } },
            { type: "image", source: { type: "file", id: "file_1" } },
          ],
        },
      ],
    ],
    [
      "a file",
      [{ role: "user", content: [{ type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,AAAA" }] }],
      [
        {
          role: "user",
          parts: [{ type: "document", title: "a.pdf", source: { type: "base64", mediaType: "application/pdf", data: "AAAA" } }],
        },
      ],
    ],
    [
      "reasoning, text and calls in a row are one assistant turn",
      [
        user,
        { type: "reasoning", summary: [{ type: "summary_text", text: "t" }] },
        { role: "assistant", content: "a" },
        call("1"),
        call("2"),
      ],
      [
        { role: "user" },
        {
          role: "assistant",
          parts: [{ type: "thinking", text: "t" }, text("a"), { type: "tool-call", id: "1" }, { type: "tool-call", id: "2" }],
        },
      ],
    ],
    [
      "what one of Codex's agents says to another, its task in the field of the encrypted, after the outputs",
      [
        user,
        call("1"),
        {
          type: "agent_message",
          author: "/root",
          recipient: "/root/t",
          content: [
            { type: "input_text", text: "Payload:" },
            { type: "encrypted_content", encrypted_content: "look at a.ts" },
          ],
        },
        call("2"),
        output("1"),
        output("2"),
        { type: "agent_message", content: [{ type: "encrypted_content", encrypted_content: `gAAAAABq${"x".repeat(90)}==` }] },
      ],
      [
        { role: "user" },
        {
          role: "assistant",
          parts: [
            { type: "tool-call", id: "1" },
            { type: "tool-call", id: "2" },
          ],
        },
        {
          role: "user",
          parts: [
            { type: "tool-result", id: "1" },
            { type: "tool-result", id: "2" },
          ],
        },
        { role: "user", parts: [text("Payload:"), text("look at a.ts")] },
        { role: "user", parts: [text("[encrypted for another provider; it cannot be read here]")] },
      ],
    ],
    [
      "two messages of the assistant stay apart, as two parts of one do not",
      [
        user,
        { role: "assistant", content: "a" },
        {
          role: "assistant",
          content: [
            { type: "output_text", text: "b" },
            { type: "output_text", text: "c" },
          ],
        },
        call("1"),
      ],
      [
        { role: "user" },
        { role: "assistant", parts: [text("a")] },
        { role: "assistant", parts: [text("b"), text("c"), { type: "tool-call", id: "1" }] },
      ],
    ],
    [
      "outputs in a row are one turn",
      [user, call("1"), call("2"), output("1"), output("2", "b")],
      [
        { role: "user" },
        { role: "assistant" },
        {
          role: "user",
          parts: [
            { type: "tool-result", id: "1", parts: [text("ok")] },
            { id: "2", parts: [text("b")] },
          ],
        },
      ],
    ],
    [
      "what stands between calls and outputs comes after them",
      [user, call("1"), call("2"), output("1"), { role: "assistant", content: "a" }, { role: "user", content: "b" }, output("2")],
      [
        { role: "user" },
        { role: "assistant" },
        { role: "user", parts: [{ id: "1" }, { id: "2" }] },
        { role: "assistant", parts: [text("a")] },
        { role: "user", parts: [text("b")] },
      ],
    ],
    [
      "what the model says between its call and the output goes with the call, and does not end the conversation",
      [user, call("1"), { type: "reasoning", summary: [{ text: "t" }] }, { role: "assistant", content: "a" }, output("1")],
      [
        { role: "user" },
        { role: "assistant", parts: [{ id: "1" }, { type: "thinking", text: "t" }, text("a")] },
        { role: "user", parts: [{ id: "1" }] },
      ],
    ],
    [
      "reasoning between a call and its output is that of the next answer",
      [
        user,
        call("1"),
        { type: "reasoning", summary: [{ type: "summary_text", text: "t" }] },
        output("1"),
        { role: "assistant", content: "a" },
      ],
      [{ role: "user" }, { parts: [{ id: "1" }] }, { role: "user" }, { parts: [{ type: "thinking", text: "t" }, text("a")] }],
    ],
    [
      "what the model says before and after a further call goes with the calls",
      [
        user,
        { role: "assistant", content: "a" },
        call("1"),
        { role: "assistant", content: "b" },
        call("2"),
        { role: "assistant", content: "c" },
        output("1"),
        output("2"),
      ],
      [
        { role: "user" },
        { role: "assistant", parts: [text("a"), { id: "1" }, text("b"), { id: "2" }, text("c")] },
        { role: "user", parts: [{ id: "1" }, { id: "2" }] },
      ],
    ],
    [
      "a call that is never answered holds nothing up",
      [user, call("1"), { role: "user", content: "b" }],
      [{ role: "user" }, { role: "assistant" }, { role: "user", parts: [text("b")] }],
    ],
    [
      "a custom call is a call with its text as `input`",
      [
        user,
        { type: "custom_tool_call", call_id: "1", name: "apply_patch", input: 'a"b' },
        { type: "custom_tool_call_output", call_id: "1", output: "done" },
      ],
      [
        { role: "user" },
        { role: "assistant", parts: [{ name: "apply_patch", arguments: '{"input":"a\\"b"}' }] },
        { role: "user", parts: [{ type: "tool-result", id: "1" }] },
      ],
    ],
    [
      "a shell call is a call",
      [
        user,
        { type: "local_shell_call", call_id: "1", action: { type: "exec", command: ["ls"] } },
        { type: "local_shell_call_output", id: "1", output: "x" },
      ],
      [
        { role: "user" },
        { role: "assistant", parts: [{ name: "local_shell", arguments: '{"type":"exec","command":["ls"]}' }] },
        { role: "user", parts: [{ type: "tool-result", id: "1", parts: [text("x")] }] },
      ],
    ],
    [
      "what was done on a computer is a call, and its screen the result",
      [
        user,
        { type: "computer_call", call_id: "1", actions: [{ type: "click", button: "left", x: 1, y: 2 }], pending_safety_checks: [] },
        { type: "computer_call_output", call_id: "1", output: { type: "computer_screenshot", image_url: "data:image/png;base64,aGk=" } },
      ],
      [
        { role: "user" },
        { role: "assistant", parts: [{ name: "computer", arguments: '{"actions":[{"type":"click","button":"left","x":1,"y":2}]}' }] },
        { role: "user", parts: [{ type: "tool-result", id: "1", parts: [{ type: "image", source: { data: "aGk=" } }] }] },
      ],
    ],
    [
      "a call that has no other id than its own is called by it",
      [user, { ...call("a"), call_id: undefined, id: "fc_1" }, output("fc_1")],
      [{ role: "user" }, { role: "assistant", parts: [{ id: "fc_1", name: "f" }] }, { parts: [{ type: "tool-result", id: "fc_1" }] }],
    ],
    [
      "an output that no call asked for is called by what it comes from",
      [user, call("a"), output("a"), { ...output("b"), call_id: undefined, id: "fco_1", name: "goal_objective", namespace: "agent" }],
      [
        { role: "user" },
        { role: "assistant" },
        {
          parts: [
            { type: "tool-result", id: "a" },
            { type: "tool-result", id: "agent.goal_objective" },
          ],
        },
      ],
    ],
    [
      "a patch that failed is an error",
      [
        user,
        { type: "apply_patch_call", call_id: "1", operation: { type: "delete_file", path: "a" } },
        { type: "apply_patch_call_output", call_id: "1", status: "failed", output: "no such file" },
      ],
      [
        { role: "user" },
        { role: "assistant", parts: [{ name: "apply_patch", arguments: '{"type":"delete_file","path":"a"}' }] },
        { role: "user", parts: [{ type: "tool-result", id: "1", error: true }] },
      ],
    ],
    [
      "a message keeps its phase",
      [{ role: "assistant", phase: "final_answer", content: "a" }],
      [{ parts: [{ type: "opaque", value: { type: "phase", phase: "final_answer" } }, text("a")] }],
    ],
    [
      "a provider's own call is kept for this wire",
      [user, { type: "web_search_call", id: "ws", status: "completed" }],
      [{ role: "user" }, { parts: [{ type: "opaque", wire: "responses", value: { type: "web_search_call" } }] }],
    ],
    [
      "what a provider's own call gave is told in words to other wires",
      [
        user,
        { type: "mcp_call", id: "1", name: "ask", arguments: '{"q":1}', output: "42" },
        { type: "code_interpreter_call", id: "2", code: "print(1)", outputs: [{ type: "logs", logs: "1" }] },
        { type: "file_search_call", id: "3", results: [{ text: "found" }, { text: "more" }] },
      ],
      [{ role: "user" }, { parts: [{ text: '[ask {"q":1}]\n42' }, { text: "print(1)\n1" }, { text: "found\nmore" }] }],
    ],
    [
      "a program by which a provider called tools, and what it gave, are told so too",
      [
        user,
        { type: "program", id: "1", call_id: "p", code: "return (await f()).length", fingerprint: "x" },
        { type: "function_call", call_id: "c", name: "f", arguments: "{}", caller: { type: "program", caller_id: "p" } },
        { type: "function_call_output", call_id: "c", output: "abc", caller: { type: "program", caller_id: "p" } },
        { type: "program_output", id: "2", call_id: "p", result: "3", status: "completed" },
      ],
      [
        { role: "user" },
        {
          parts: [
            { type: "opaque", text: "return (await f()).length", value: { type: "program" } },
            { type: "tool-call", id: "c" },
          ],
        },
        { role: "user", parts: [{ type: "tool-result", id: "c" }] },
        { parts: [{ type: "opaque", text: "3", value: { type: "program_output", call_id: "p" } }] },
      ],
    ],
    [
      "a summary of what went before that a client has written itself says it",
      [
        { type: "compaction", id: "1", summary: [{ type: "summary_text", text: "first" }] },
        { type: "compaction_summary", summary: "then" },
        { type: "compaction", content: "later" },
        { type: "compaction", content: [{ type: "output_text", text: "last" }], encrypted_content: "sealed" },
        user,
      ],
      [
        {
          role: "assistant",
          parts: [
            { text: "first", summary: true },
            { text: "then" },
            { text: "later" },
            { text: "last", value: { encrypted_content: "sealed" } },
          ],
        },
        { role: "user" },
      ],
    ],
    ["a reference to what is stored nowhere says nothing", [user, { type: "item_reference", id: "msg_1" }], [{ role: "user" }]],
    ["empty reasoning says nothing", [user, { type: "reasoning", summary: [], encrypted_content: null }], [{ role: "user" }]],
    [
      "raw reasoning",
      [user, { type: "reasoning", summary: [], content: [{ type: "reasoning_text", text: "raw" }] }],
      [{ role: "user" }, { parts: [{ type: "thinking", text: "raw" }] }],
    ],
  ] as [string, unknown, Json[]][])("%s", (_, input, expected) => {
    const got = turns(input);
    expect(got).toMatchObject(expected);
    expect(got).toHaveLength(expected.length);
  });

  it.each([
    ["a string", "ok", [text("ok")]],
    ["nothing", "", []],
    [
      "parts of text",
      [
        { type: "input_text", text: "a" },
        { type: "output_text", text: "b" },
      ],
      [text("a"), text("b")],
    ],
    ["an image alone", [{ type: "input_image", image_url: "data:image/png;base64,AA", detail: "original" }], [{ type: "image" }]],
    ["an image in a string of JSON", JSON.stringify([{ type: "input_image", image_url: "data:image/png;base64,AA" }]), [{ type: "image" }]],
    [
      "an image in a string of the chat wire",
      JSON.stringify([{ type: "image_url", image_url: { url: "data:image/png;base64,AA" } }]),
      [{ type: "image" }],
    ],
    [
      "the result of an MCP tool in a string",
      JSON.stringify({
        content: [
          { type: "text", text: "a" },
          { type: "image", data: "AA", mimeType: "image/png" },
        ],
      }),
      [text("a"), { type: "image", source: { type: "base64", mediaType: "image/png", data: "AA" } }],
    ],
    ["JSON that speaks of images", '{"image":"a.png","content":[{"image":1}]}', [text('{"image":"a.png","content":[{"image":1}]}')]],
    ["JSON that is no list of parts", '[{"type":"input_text"}]', [text('[{"type":"input_text"}]')]],
    ["an object with content", { content: "a", success: true }, [text("a")]],
    ["an object that is an image", { type: "computer_screenshot", image_url: "https://x/y.png" }, [{ type: "image" }]],
    ["any other JSON", { a: 1 }, [text('{"a":1}')]],
    [
      "a sound, whose bytes no model reads",
      [{ type: "audio", data: "UklG".repeat(100), mimeType: "audio/wav" }],
      [text("[audio omitted]")],
    ],
    ["parts that nobody knows", [{ type: "odd", a: 1 }], [text('{"type":"odd","a":1}')]],
  ])("reads the output of a tool: %s", (_, given, expected) => {
    const result: Json = turns([user, call("1"), output("1", given)])[2]?.parts[0];
    expect(result.parts).toMatchObject(expected);
    expect(result.parts).toHaveLength(expected.length);
  });

  it.each([
    [{ content: "a", success: false }, true],
    [{ content: "a", success: true }, false],
    ["a", false],
  ])("knows of the output %j whether it failed", (given, error) => {
    expect(turns([user, call("1"), output("1", given)])[2]?.parts[0]).toMatchObject({ parts: [text("a")], error });
  });

  it("knows its own seals and takes others for the wire's", () => {
    const seal = { wire: "messages", maker: "lab/m", value: "sig" } as const;
    const reasoning = (encrypted_content: string) => turns([user, { type: "reasoning", summary: [], encrypted_content }])[1]?.parts[0];
    expect(reasoning(writeSeal(seal))).toEqual({ type: "thinking", text: "", seal });
    expect(reasoning("gAAAA")).toEqual({ type: "thinking", text: "", seal: { wire: "responses", value: "gAAAA" } });
    expect(reasoning("fcc.broken")).toEqual({ type: "thinking", text: "", seal: { wire: "responses", value: "fcc.broken" } });
  });

  it("puts instructions before everything", () => {
    expect(turns([{ role: "developer", content: "b" }, user], { instructions: "a" }).map((turn) => turn.role)).toEqual([
      "system",
      "system",
      "user",
    ]);
  });
});

describe("the rest of a request", () => {
  const request = (body: object) => accepted({ input: "hi", ...body }).request;

  it.each([
    [{ reasoning: { effort: "high", summary: "auto" } }, { reasoning: { enabled: true, effort: "high", summary: "auto" } }],
    [{ reasoning: { effort: "high" } }, { reasoning: { enabled: true, effort: "high", summary: null } }],
    [{ reasoning: { effort: "none" } }, { reasoning: { enabled: false } }],
    [{ reasoning: { effort: null, summary: "auto" } }, { reasoning: {} }],
    [
      { reasoning: { effort: "low" }, input: [update("high"), user, update("xhigh"), user, { type: "configuration_update" }] },
      { reasoning: { enabled: true, effort: "xhigh" }, turns: [{ role: "user" }, { role: "user" }] },
    ],
    [
      { max_output_tokens: 5, temperature: 0, top_p: 0.5 },
      { maxOutput: 5, sampling: { temperature: 0, topP: 0.5 } },
    ],
    [{ max_output_tokens: 2 ** 63 }, { maxOutput: 2 ** 63 }],
    [
      { parallel_tool_calls: false, stream: true, prompt_cache_key: "k" },
      { parallelTools: false, stream: true, cacheKey: "k" },
    ],
    [
      { text: { format: { type: "json_schema", name: "n", schema: { type: "object" }, strict: true } } },
      { schema: { name: "n", schema: { type: "object" } } },
    ],
    [
      { text: { format: { type: "json_schema", name: "n", description: "A verdict", schema: { type: "object" } } } },
      { schema: { name: "n", description: "A verdict", schema: { type: "object" } } },
    ],
    [
      { input: [user, { type: "configuration_update", text: { format: { type: "json_object" } } }, update("low"), user] },
      { schema: { schema: { type: "object" }, open: true }, reasoning: { enabled: true, effort: "low" } },
    ],
    [
      {
        text: { format: { type: "json_object" } },
        input: [user, { type: "configuration_update", text: { format: { type: "text" } } }, user],
      },
      { schema: undefined },
    ],
    [
      {
        ...{ text: { format: { type: "json_object" } }, reasoning: { effort: "high" } },
        input: [user, { type: "configuration_update", text: { verbosity: "low" }, reasoning: { summary: "auto" } }, user],
      },
      { schema: { schema: { type: "object" }, open: true }, reasoning: { enabled: true, effort: "high" } },
    ],
    [{ text: { format: { type: "json_object" } } }, { schema: { schema: { type: "object" }, open: true } }],
    [{ text: { format: { type: "text" }, verbosity: "low" } }, { schema: undefined }],
  ])("%j", (body, expected) => {
    expect({ schema: undefined, ...request(body) }).toMatchObject(expected);
  });

  it.each([
    [{}, "input"],
    [{ input: [] }, "input"],
    [{ input: [{ role: "user", content: [{ type: "input_audio" }] }] }, "input[0].content[0].type"],
    [{ input: [{ role: "user", content: [1] }] }, "input[0].content[0]"],
    [{ input: [{ role: "user", content: [{ type: "input_text" }] }] }, "input[0].content[0]"],
    [{ input: [{ role: "user", content: [{ type: "input_image" }] }] }, "input[0].content[0]"],
    [{ input: [{ role: "user", content: [{ type: "input_file" }] }] }, "input[0].content[0]"],
    [{ input: [call("1"), output("1", [{ type: "input_audio" }])] }, "input[1].output[0].type"],
    [{ input: [{ role: "nobody", content: "x" }] }, "input[0].role"],
    [{ input: [{ type: "message", content: "x" }] }, "input[0].role"],
    [
      {
        input: [
          { type: "function_call", call_id: "c", name: "f", arguments: "{}" },
          { role: "nobody", content: "x" },
          { type: "function_call_output", call_id: "c", output: "" },
        ],
      },
      "input[1].role",
    ],
    [{ input: "hi", background: true }, "background"],
    [{ input: "hi", conversation: "conv_1" }, "conversation"],
    [{ input: "hi", prompt: { id: "pmpt_1" } }, "prompt"],
    [{ input: [user, { ...call("a"), call_id: undefined }] }, "input[1].call_id"],
    [{ input: [user, call("a"), { ...output("a"), call_id: undefined }] }, "input[2].call_id"],
    [{ input: "hi", stream: "yes" }, "stream"],
    [{ input: "hi", tools: {} }, "tools"],
    [{ input: "hi", temperature: "hot" }, "temperature"],
    [{ input: "hi", max_output_tokens: "many" }, "max_output_tokens"],
    [{ input: "hi", previous_response_id: "resp_x" }, "previous_response_id"],
    [{ input: "hi", tool_choice: { type: "function", name: "absent" } }, "tool_choice"],
    [{ input: "hi", tool_choice: "sometimes" }, "tool_choice"],
    [{ input: "hi", tools: [{ type: "function", parameters: {} }] }, "tools"],
    [{ input: "hi", text: { format: { type: "xml" } } }, "text.format.type"],
    [{ input: "hi", text: { format: { type: "json_schema", name: "n" } } }, "text.format.schema"],
  ])("refuses %j and names the field", (body, field) => {
    expect(refused({ model: "m", ...body })).toMatchObject({ kind: "bad-request", origin: "client", refused: { field } });
  });

  it.each([[null], ["x"], [[]], [{ input: "hi" }]])("refuses %j", (body) => {
    expect(refused(body).kind).toBe("bad-request");
  });
});

describe("tools", () => {
  const fn = (name: string) => ({ type: "function", name, parameters: { type: "object", properties: {} } });
  const tools = (given: unknown, more: object = {}) => accepted({ input: "hi", tools: given, ...more }).request;

  it("flattens namespaces to unique names, direct names first", () => {
    const given = [
      { type: "namespace", name: "a", tools: [fn("x"), fn("y")] },
      fn("a__x"),
      fn("a__x"),
      { type: "namespace", name: "a", tools: [fn("x")] },
    ];
    expect(tools(given).tools.map((tool) => tool.name)).toEqual(["a__x", "a__x_2", "a__y"]);
  });

  it("tells once what a namespace is for, with the first of its tools", () => {
    const group = (name: string, description: string, ...inner: object[]) => ({ type: "namespace", name, description, tools: inner });
    const given = [
      group("crm", "Customers.", { ...fn("find"), description: "Finds one." }, fn("list")),
      group("mcp__t", "Tools in the mcp__t namespace.", fn("x")),
      group("n", "", fn("y")),
      group("edit", "Edits.", { type: "custom", name: "patch", description: "Patches." }),
    ];
    expect(tools(given).tools.map((tool: Json) => tool.description)).toEqual([
      "Of all tools whose names begin with crm: Customers.\n\nFinds one.",
      undefined,
      undefined,
      undefined,
      expect.stringMatching(/^Of all tools whose names begin with edit: Edits\.\n\nPatches\./),
    ]);
  });

  it("tells it once of a namespace whose tools searches find one after another", () => {
    const found = (id: string, ...inner: object[]) => {
      const group = { type: "namespace", name: "crm", description: "Customers.", tools: inner };
      return { type: "tool_search_output", call_id: id, execution: "client", tools: [group] };
    };
    const input = [user, found("1", { type: "web_search" }, fn("find")), found("2", fn("list")), found("3", fn("find"), fn("add"))];
    const functions = accepted({ input }).request.tools.filter((tool: Json) => tool.type === "function");
    expect(functions.map((tool: Json) => tool.description)).toEqual([
      "Of all tools whose names begin with crm: Customers.",
      undefined,
      undefined,
    ]);
  });

  it("gives calls of the history the names of their tools", () => {
    const given = [fn("a__x"), { type: "namespace", name: "a", tools: [fn("x")] }];
    const input = [user, { ...call("1", "x"), namespace: "a" }, { ...call("2", "gone"), namespace: "b" }];
    expect(turns(input, { tools: given })[1]?.parts).toMatchObject([{ name: "a__x_2" }, { name: "b__gone" }]);
  });

  it("makes a freeform tool a function of one text, with its grammar told", () => {
    const given = [
      { type: "custom", name: "apply_patch", description: "Patches.", format: { type: "grammar", syntax: "lark", definition: "start: X" } },
    ];
    const [tool]: Json[] = [...tools(given).tools];
    expect(tool).toMatchObject({ type: "function", name: "apply_patch", parameters: { required: ["input"] } });
    expect(tool.description).toMatch(/^Patches\.[\s\S]*lark[\s\S]*start: X$/);
  });

  it("keeps hosted tools for this wire and never refuses them", () => {
    const given = ["web_search", "image_generation", "file_search", "code_interpreter", "mcp", "never_heard_of"].map((type) => ({ type }));
    expect(tools(given).tools).toMatchObject(given.map((value) => ({ type: "hosted", wire: "responses", name: value.type, value })));
  });

  it("reads what a web search is held to", () => {
    const filters = { allowed_domains: ["a.example"], blocked_domains: [] };
    expect(tools([{ type: "web_search_preview", filters, user_location: { country: "CN" } }]).tools).toMatchObject([
      { type: "hosted", webSearch: { allowed: ["a.example"], location: { type: "approximate", country: "CN" } } },
    ]);
    expect(tools([{ type: "web_search", external_web_access: false }]).tools[0]).not.toHaveProperty("webSearch");
  });

  it("tells the model of the tools that OpenAI defines and the client runs, but not of a shell in OpenAI's container", () => {
    const given = [
      { type: "shell", environment: { type: "local" } },
      { type: "local_shell" },
      { type: "apply_patch" },
      { type: "computer" },
    ];
    const read = tools(given, { tool_choice: { type: "apply_patch" } });
    expect(read.tools).toMatchObject([
      { type: "function", name: "shell", parameters: { required: ["commands"] } },
      { type: "function", name: "local_shell", parameters: { required: ["command"] } },
      { type: "function", name: "apply_patch", parameters: { required: ["type", "path"] } },
      { type: "function", name: "computer", parameters: { required: ["actions"] } },
    ]);
    expect(read.toolChoice).toEqual({ type: "tool", name: "apply_patch" });
    expect(tools([{ type: "shell", environment: { type: "container_auto" } }]).tools).toMatchObject([{ type: "hosted" }]);
  });

  it("offers what came inside the conversation", () => {
    const input = [
      { type: "additional_tools", tools: [fn("early")] },
      user,
      { type: "tool_search_call", call_id: "1", execution: "client", arguments: { query: "q" } },
      { type: "tool_search_output", call_id: "1", execution: "client", tools: [{ type: "namespace", name: "n", tools: [fn("found")] }] },
    ];
    const { request } = accepted({
      input,
      tools: [{ type: "tool_search", execution: "client", description: "d", parameters: { type: "object" } }],
    });
    expect(request.tools.map((tool) => tool.name)).toEqual(["tool_search", "early", "n__found"]);
    expect(request.turns).toMatchObject([
      {},
      { parts: [{ name: "tool_search", arguments: '{"query":"q"}' }] },
      { parts: [{ parts: [{ text: expect.stringContaining("n__found") }] }] },
    ]);
  });

  it.each([
    ["auto", { type: "auto" }],
    ["required", { type: "required" }],
    ["none", { type: "none" }],
    [undefined, { type: "auto" }],
    [
      { type: "function", name: "x" },
      { type: "tool", name: "x" },
    ],
    [
      { type: "custom", name: "c" },
      { type: "tool", name: "c" },
    ],
    [{ type: "allowed_tools", mode: "required", tools: [{ type: "function", name: "x" }] }, { type: "required" }],
    [{ type: "web_search" }, { type: "auto" }],
  ])("reads the choice %j", (choice, expected) => {
    expect(tools([fn("x"), { type: "custom", name: "c" }], { tool_choice: choice }).toolChoice).toEqual(expected);
  });

  it("offers only the tools that are allowed", () => {
    const choice = { type: "allowed_tools", mode: "auto", tools: [{ type: "function", name: "y" }] };
    expect(tools([fn("x"), fn("y")], { tool_choice: choice }).tools.map((tool) => tool.name)).toEqual(["y"]);
  });
});

describe("Codex's own requests", () => {
  it.each(["codex-basic", "codex-freeform", "codex-mcp", "codex-namespace"])("%s is understood whole", (name) => {
    for (const { body } of recording(`requests/${name}.json`).requests) {
      const { request } = accepted(body);
      expect(request.turns.slice(0, 2).map((turn) => turn.role)).toEqual(["system", "user"]);
      const texts = JSON.stringify(body.input).match(/"(?:input_text|output_text)"/g)?.length;
      expect(
        request.turns.flatMap((turn) => turn.parts as readonly { type: string }[]).filter((part) => part.type === "text"),
      ).toHaveLength(texts ?? 0);
      const count = body.tools.reduce((sum: number, tool: Json) => sum + (tool.tools?.length ?? 1), 0);
      expect(request.tools).toHaveLength(count);
      expect(new Set(request.tools.map((tool) => tool.name)).size).toBe(count);
    }
  });

  it("finds the tools of MCP servers and of Codex's namespaces again", () => {
    const [{ body }] = recording("requests/codex-mcp.json").requests;
    expect(accepted(body).request.tools.map((tool) => tool.name)).toEqual(
      expect.arrayContaining(["mcp__tt__do_thing", "multi_agent_v1__spawn_agent"]),
    );
  });

  it("pairs a call into a namespace with its output", () => {
    const bodies: Json[] = recording("requests/codex-namespace.json").requests.map((one: Json) => one.body);
    const body = bodies.find((one) => one.input.some((item: Json) => item.namespace));
    expect(accepted(body).request.turns.slice(-2)).toMatchObject([
      { role: "assistant", parts: [{ type: "tool-call", name: "multi_agent_v1__spawn_agent" }] },
      { role: "user", parts: [{ type: "tool-result", id: "call_00000003" }] },
    ]);
  });
});
