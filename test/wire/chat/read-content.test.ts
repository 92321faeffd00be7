import { describe, expect, it } from "vitest";
import type { HostedTool } from "../../../src/model/request.ts";
import { callChunk, chunk, done, end, read, readPieces, sse } from "./reading.ts";

const calls = (...entries: object[]) => chunk({ tool_calls: entries });
const fn = (name: string, json: unknown) => ({ function: { name, arguments: json } });
const detail = (text: string, more: object = {}) => ({ type: "reasoning.text", text, index: 0, format: "f", ...more });

/** [what the server does, its chunks before the end, the parts]. */
const text: [string, object[], string[]][] = [
  ["a chunk with the role only", [chunk({ role: "assistant", content: null }), chunk({ role: "assistant", content: "" })], []],
  ["content in the first chunk", [chunk({ role: "assistant", content: "Hi" }), chunk({ content: " you" })], ["text:Hi you"]],
  ["empty content in the middle", [chunk({ content: "a" }), chunk({ content: "" }), chunk({ content: "b" })], ["text:ab"]],
  [
    "a reply in sound, whose words stand beside it",
    [
      chunk({ role: "assistant", content: null, audio: { id: "audio_1", transcript: "Hi " } }),
      chunk({ audio: { data: "AAAA" } }),
      chunk({ audio: { transcript: "you" } }),
      chunk({ audio: { expires_at: 1 } }),
    ],
    ["text:Hi you"],
  ],
  ["content beside its own words in sound", [chunk({ content: "Hi", audio: { transcript: "Hi" } })], ["text:Hi"]],
  ["content and finish in one chunk", [chunk({ content: "all" }, "stop")], ["text:all"]],
  ["reasoning and content in one delta", [chunk({ reasoning_content: "hm", content: "yes" })], ["thinking:hm", "text:yes"]],
  ["the same reasoning in two fields", [chunk({ reasoning_content: "hm", reasoning: "hm" })], ["thinking:hm"]],
  ["reasoning as vLLM spells it", [chunk({ reasoning: "hm" }), chunk({ reasoning: "m" })], ["thinking:hmm"]],
  ["reasoning in an object", [chunk({ reasoning: { text: "h" } }), chunk({ reasoning: { content: "m" } })], ["thinking:hm"]],
  ["reasoning as others spell it", [chunk({ thinking: "hm" }), chunk({ reasoning_text: "m" })], ["thinking:hmm"]],
  [
    "reasoning that resumes",
    [chunk({ reasoning: "a" }), chunk({ content: "b" }), chunk({ reasoning: "c" })],
    ["thinking:a", "text:b", "thinking:c"],
  ],
  [
    "pieces that a server took for numbers and truth values",
    [chunk({ reasoning_content: 7 }), chunk({ content: "[" }), chunk({ content: 6 }), chunk({ content: "]=" }), chunk({ content: false })],
    ["thinking:7", "text:[6]=false"],
  ],
  [
    "content in parts",
    [
      chunk({ content: [{ type: "thinking", thinking: [{ type: "text", text: "hm" }] }] }),
      chunk({ content: [{ type: "text", text: "yes" }] }),
    ],
    ["thinking:hm", "text:yes"],
  ],
  [
    "reasoning in parts that are summaries",
    [
      chunk({ content: [{ type: "reasoning", summary: [{ type: "summary_text", text: "h", signature: "" }] }] }),
      chunk({ content: [{ type: "reasoning", summary: [{ type: "summary_text", text: "m" }] }] }),
      chunk({ content: [{ type: "reasoning", summary: [{ type: "summary_text", text: "", signature: "sig" }] }] }),
      chunk({ content: "yes" }),
    ],
    ["thinking:hm", "text:yes"],
  ],
  [
    "choices beside the first",
    [
      {
        choices: [
          { index: 1, delta: { content: "no" } },
          { index: 0, delta: { content: "yes" } },
        ],
      },
    ],
    ["text:yes"],
  ],
  [
    "all the text so far in each chunk",
    [chunk({ content: "" }), chunk({ content: "I am" }), chunk({ content: "I am here" }), chunk({ content: "I am here" }), end()],
    ["text:I am here"],
  ],
  [
    "all the text so far in each chunk, the first a short word",
    [chunk({ content: "I" }), chunk({ content: "I'm" }), chunk({ content: "I'm here" }), end()],
    ["text:I'm here"],
  ],
  [
    "all the reasoning so far in each chunk, and then text in parts",
    [
      chunk({ reasoning_content: "Well, " }),
      chunk({ reasoning_content: "Well, yes" }),
      chunk({ content: "ha" }),
      chunk({ content: "haha" }),
    ],
    ["thinking:Well, yes", "text:hahaha"],
  ],
  [
    "words that come twice, in parts",
    [chunk({ content: "Test" }), chunk({ content: "Test" }), chunk({ content: " Test" }), chunk({ content: "TestTest Test" })],
    ["text:TestTest TestTestTest Test"],
  ],
  [
    "a line that comes twice, and then with more",
    [chunk({ content: "test\n" }), chunk({ content: "test\n" }), chunk({ content: "test\nend" })],
    ["text:test\ntest\ntest\nend"],
  ],
  ["a first chunk without choices", [{ choices: [], prompt_filter_results: [] }, chunk({ content: "a" })], ["text:a"]],
  ["fields that nobody knows", [chunk({ content: "a", audio: {}, annotations: [{}] }, null, { p: "xx", provider: "X" })], ["text:a"]],
  ["content after the finish", [chunk({ content: "a" }), end(), chunk({ content: "late" }), end("length")], ["text:a"]],
  [
    "a last chunk that comes twice",
    [chunk({ content: "a" }), chunk({ content: "b" }, "stop"), chunk({ content: "b" }, "stop")],
    ["text:ab"],
  ],
  [
    "a finish reason in each chunk",
    [chunk({ reasoning: "h" }, "stop"), chunk({ reasoning: "m" }, "stop"), chunk({ content: "a" }, "stop")],
    ["thinking:hm", "text:a"],
  ],
  [
    "a finish reason behind each chunk",
    [
      chunk({ role: "assistant", content: "" }),
      end(),
      chunk({ reasoning: "h" }),
      end(),
      chunk({ content: "a" }),
      end(),
      chunk({ content: "b" }),
    ],
    ["thinking:h", "text:ab"],
  ],
  [
    "a finish reason before thinking is over",
    [chunk({ content: "" }, "stop"), chunk({ reasoning: "hm" }), chunk({ content: "a" })],
    ["thinking:hm", "text:a"],
  ],
  ["a finish reason that is empty until the end", [chunk({ content: "a" }, ""), chunk({ content: "b" }, "")], ["text:ab"]],
  ["a message in the place of the delta", [{ choices: [{ index: 0, message: { content: "whole" } }] }], ["text:whole"]],
  ["a message that repeats the deltas", [chunk({ content: "a" }), { choices: [{ index: 0, message: { content: "a" } }] }], ["text:a"]],
];

describe("text and reasoning of a stream", () => {
  it.each(text)("%s", (_, chunks, parts) => {
    const story = read([...chunks, end(), done]);
    expect(story.parts).toEqual(parts);
    expect(story.stop).toEqual({ reason: "end" });
  });

  it("joins the pieces of reasoning details, and seals them as they were for the way back", () => {
    const encrypted = { type: "reasoning.encrypted", data: "xyz", id: "r1", index: 1 };
    const story = read([
      chunk({ reasoning: "one ", reasoning_details: [detail("one ")] }),
      chunk({ reasoning: "two", reasoning_details: [detail("two"), { type: "reasoning.text", signature: "sig", index: 0 }] }),
      chunk({ content: "", reasoning_details: [encrypted] }),
      chunk({ content: "done" }),
      end(),
    ]);
    const value = JSON.stringify({ reasoning_details: [{ ...detail("one two"), signature: "sig" }, encrypted] });
    expect(story.parts).toEqual([`thinking:one two[lab/lab-model ${value}]`, "text:done"]);
  });

  it("joins a piece of reasoning details to an empty one before it", () => {
    const value = JSON.stringify({ reasoning_details: [detail("one")] });
    expect(read([chunk({ reasoning_details: [detail("")] }), chunk({ reasoning_details: [detail("one")] }), end()]).parts).toEqual([
      `thinking:one[lab/lab-model ${value}]`,
    ]);
  });

  it("are sealed once where all of them so far come in each chunk (MiniMax)", () => {
    const chunks = ["Well", "Well, yes", "Well, yes."].map((text) => chunk({ reasoning_details: [detail(text)] }));
    const value = JSON.stringify({ reasoning_details: [detail("Well, yes.")] });
    expect(read([...chunks, chunk({ content: "ok" }), end()]).parts).toEqual([`thinking:Well, yes.[lab/lab-model ${value}]`, "text:ok"]);
  });

  it("takes the text of reasoning details where it stands nowhere else", () => {
    expect(read([chunk({ reasoning_details: [{ type: "reasoning.summary", summary: "short" }] }), end()]).parts[0]).toMatch(
      /^thinking:short\[/,
    );
  });

  it("joins the pieces of a summary, and no piece to that of another entry", () => {
    const piece = (summary: string, index: number) => ({ type: "reasoning.summary", summary, index });
    const chunks = [piece("a ", 0), piece("b", 0), piece("c", 1)].map((one) => chunk({ reasoning_details: [one] }));
    const value = JSON.stringify({ reasoning_details: [piece("a b", 0), piece("c", 1)] });
    expect(read([...chunks, end()]).parts[0]).toContain(`[lab/lab-model ${value}]`);
  });

  it("puts details that come with a call before the call", () => {
    const secret = { type: "reasoning.encrypted", data: "g", id: "c1" };
    const { parts } = read([chunk({ reasoning_details: [secret], tool_calls: [{ index: 0, id: "c1", ...fn("Read", "{}") }] }), end()]);
    expect(parts).toEqual([`thinking:[lab/lab-model ${JSON.stringify({ reasoning_details: [secret] })}]`, "tool:c1:Read:{}"]);
  });
});

const one = '{"path":"a"}';
const two = '{"path":"b"}';
const tools: [string, object[], string[]][] = [
  [
    "arguments in pieces",
    [
      callChunk({ index: 0, id: "c1", ...fn("Read", "") }),
      callChunk({ index: 0, function: { arguments: '{"path"' } }),
      callChunk({ index: 0, function: { arguments: ':"a"}' } }),
    ],
    [`tool:c1:Read:${one}`],
  ],
  ["the whole call in one chunk", [callChunk({ index: 0, id: "c1", ...fn("Read", one) })], [`tool:c1:Read:${one}`]],
  ["arguments as an object", [callChunk({ index: 0, id: "c1", ...fn("Read", { path: "a" }) })], [`tool:c1:Read:${one}`]],
  ["no arguments", [callChunk({ index: 0, id: "c1", function: { name: "Read" } })], ["tool:c1:Read:{}"]],
  ["arguments null", [callChunk({ index: 0, id: "c1", ...fn("Read", null) })], ["tool:c1:Read:{}"]],
  [
    "empty arguments twice",
    [callChunk({ index: 0, id: "c1", ...fn("Read", "{}") }), callChunk({ index: 0, ...fn("", "{}") })],
    ["tool:c1:Read:{}"],
  ],
  [
    "{} before the real arguments",
    [callChunk({ index: 0, id: "c1", ...fn("Read", "{}") }), callChunk({ index: 0, function: { arguments: one } })],
    [`tool:c1:Read:${one}`],
  ],
  [
    "text and a call in one delta",
    [chunk({ content: "ok", tool_calls: [{ index: 0, id: "c1", ...fn("Read", one) }] })],
    ["text:ok", `tool:c1:Read:${one}`],
  ],
  [
    "text after a call",
    [callChunk({ index: 0, id: "c1", ...fn("Read", one) }), chunk({ content: "then" })],
    [`tool:c1:Read:${one}`, "text:then"],
  ],
  [
    "an empty chunk after a call",
    [callChunk({ index: 0, id: "c1", ...fn("Read", one) }), callChunk({ index: 0, function: { arguments: "" } })],
    [`tool:c1:Read:${one}`],
  ],
  [
    "arguments at the next index, without id and name",
    [
      callChunk({ index: 0, id: "c1", ...fn("Read", "") }),
      callChunk({ index: 1, id: null, ...fn("", '{"path"') }),
      callChunk({ index: 1, function: { name: null, arguments: ':"a"}' } }),
      callChunk({ index: 2, id: "c2", ...fn("Bash", two) }),
    ],
    [`tool:c1:Read:${one}`, `tool:c2:Bash:${two}`],
  ],
  [
    "no index",
    [
      callChunk({ id: "c1", ...fn("Read", '{"path"') }),
      callChunk({ function: { arguments: ':"a"}' } }),
      callChunk({ id: "c2", ...fn("Bash", two) }),
    ],
    [`tool:c1:Read:${one}`, `tool:c2:Bash:${two}`],
  ],
  [
    "all calls at index 0 with ids",
    [callChunk({ index: 0, id: "c1", ...fn("Read", one) }), callChunk({ index: 0, id: "c2", ...fn("Read", two) })],
    [`tool:c1:Read:${one}`, `tool:c2:Read:${two}`],
  ],
  [
    "all calls at index 0, with arguments that were encoded twice",
    [
      callChunk({ index: 0, id: "c1", ...fn("Read", JSON.stringify(one)) }),
      callChunk({ index: 0, id: "c2", ...fn("Read", JSON.stringify(two)) }),
    ],
    [`tool:c1:Read:${JSON.stringify(one)}`, `tool:c2:Read:${JSON.stringify(two)}`],
  ],
  [
    "a new id in each chunk of arguments that were encoded twice",
    ['"{\\"path\\":', '\\"{a}', '\\"}"'].map((json, at) => callChunk({ index: 0, id: `c${at}`, ...fn("Read", json) })),
    ['tool:c0:Read:"{\\"path\\":\\"{a}\\"}"'],
  ],
  [
    "all calls at index 0, the second one's name after its arguments",
    [
      callChunk({ index: 0, id: "c1", ...fn("Read", one) }),
      callChunk({ index: 0, id: "c2", function: { arguments: "" } }),
      callChunk({ index: 0, function: { arguments: two } }),
      callChunk({ index: 0, function: { name: "Bash" } }),
    ],
    [`tool:c1:Read:${one}`, `tool:c2:Bash:${two}`],
  ],
  [
    "an empty chunk with a new id behind a whole call",
    [
      callChunk({ index: 0, id: "c1", ...fn("Read", one) }),
      callChunk({ index: 0, id: "c2", function: { name: "", arguments: "" } }),
      callChunk({ index: 0, function: { arguments: one } }),
    ],
    [`tool:c1:Read:${one}`],
  ],
  [
    "all calls at index 0 with names",
    [callChunk({ index: 0, ...fn("Read", one) }), callChunk({ index: 0, ...fn("Bash", two) })],
    [`tool::Read:${one}`, `tool::Bash:${two}`],
  ],
  [
    "one index and one name, a new object",
    [callChunk({ index: 0, ...fn("Read", one) }), callChunk({ index: 0, ...fn("Read", two) })],
    [`tool::Read:${one}`, `tool::Read:${two}`],
  ],
  [
    "neither index, id nor name, a new object",
    [callChunk({ ...fn("Read", one) }), callChunk({ function: { arguments: two } })],
    [`tool::Read:${one}`, `tool::Read:${two}`],
  ],
  [
    "the whole arguments once more",
    [
      callChunk({ index: 0, ...fn("Read", '{"path":') }),
      callChunk({ index: 0, function: { arguments: '"a"}' } }),
      callChunk({ index: 0, function: { arguments: one } }),
    ],
    [`tool::Read:${one}`],
  ],
  [
    "all arguments so far in every chunk",
    ['{"', '{"path', '{"path":"{', '{"path":"{', '{"path":"{a"}'].map((json) => callChunk({ index: 0, id: "c1", ...fn("Read", json) })),
    ['tool:c1:Read:{"path":"{a"}'],
  ],
  [
    "an object that begins as the arguments around it do",
    ['{"a":', '{"a":1}}'].map((json) => callChunk({ index: 0, id: "c1", ...fn("Read", json) })),
    ['tool:c1:Read:{"a":{"a":1}}'],
  ],
  [
    "a text that begins with a brace, behind its quote",
    ['{"a":"', '{ b(); }"}'].map((json) => callChunk({ index: 0, id: "c1", ...fn("Read", json) })),
    ['tool:c1:Read:{"a":"{ b(); }"}'],
  ],
  [
    "name and whole arguments in every chunk",
    [callChunk({ index: 0, id: "c1", ...fn("Read", one) }), callChunk({ index: 0, ...fn("Read", one) })],
    [`tool:c1:Read:${one}`],
  ],
  [
    "indexes that begin at 1 and skip",
    [callChunk({ index: 1, id: "c1", ...fn("Read", one) }), callChunk({ index: 5, id: "c2", ...fn("Bash", two) })],
    [`tool:c1:Read:${one}`, `tool:c2:Bash:${two}`],
  ],
  [
    "two calls interleaved",
    [
      calls({ index: 0, id: "c1", ...fn("Read", "") }, { index: 1, id: "c2", ...fn("Bash", "") }),
      calls({ index: 1, function: { arguments: '{"path"' } }),
      calls({ index: 0, function: { arguments: '{"path"' } }),
      calls({ index: 1, function: { arguments: ':"b"}' } }),
      calls({ index: 0, function: { arguments: ':"a"}' } }),
    ],
    [`tool:c1:Read:${one}`, `tool:c2:Bash:${two}`],
  ],
  [
    "text in the middle of arguments",
    [
      callChunk({ index: 0, id: "c1", ...fn("Read", '{"path"') }),
      chunk({ content: "and " }),
      chunk({ content: "so" }),
      callChunk({ index: 0, function: { arguments: ':"a"}' } }),
    ],
    [`tool:c1:Read:${one}`, "text:and so"],
  ],
  [
    "id and name in every chunk",
    [callChunk({ index: 0, id: "c1", ...fn("Read", '{"path"') }), callChunk({ index: 0, id: "c1", ...fn("Read", ':"a"}') })],
    [`tool:c1:Read:${one}`],
  ],
  [
    "an id that changes in the middle",
    [callChunk({ index: 0, id: "c1", ...fn("Read", '{"path"') }), callChunk({ index: 0, id: "x9", function: { arguments: ':"a"}' } })],
    [`tool:c1:Read:${one}`],
  ],
  [
    "a new id and the name in every chunk",
    [callChunk({ index: 0, id: "c1", ...fn("Read", '{"path"') }), callChunk({ index: 0, id: "x9", ...fn("Read", ':"a"}') })],
    [`tool:c1:Read:${one}`],
  ],
  [
    "a new id and the name in every chunk, of which the first has no arguments and another begins with a brace",
    [
      callChunk({ index: 0, id: "c1", ...fn("Bash", "") }),
      callChunk({ index: 0, id: "x8", ...fn("Bash", '{"command":"awk \'') }),
      callChunk({ index: 0, id: "x9", ...fn("Bash", "{print}'\"}") }),
    ],
    [`tool:c1:Bash:{"command":"awk '{print}'"}`],
  ],
  [
    "a name in pieces",
    [
      callChunk({ index: 0, id: "c1", ...fn("Re", "") }),
      callChunk({ index: 0, ...fn("ad", "") }),
      callChunk({ index: 0, function: { arguments: one } }),
    ],
    [`tool:c1:Read:${one}`],
  ],
  [
    "the name after the arguments",
    [callChunk({ index: 0, id: "c1", function: { arguments: '{"path"' } }), callChunk({ index: 0, ...fn("Read", ':"a"}') })],
    [`tool:c1:Read:${one}`],
  ],
  [
    "the id after the name",
    [callChunk({ index: 0, ...fn("Read", "") }), callChunk({ index: 0, id: "c1", function: { arguments: one } })],
    [`tool:c1:Read:${one}`],
  ],
  ["a name that is no tool", [callChunk({ index: 0, id: "c1", ...fn("Fly", one) })], [`tool:c1:Fly:${one}`]],
  [
    "empty ids",
    [calls({ index: 0, id: "", ...fn("Read", one) }, { index: 1, id: "", ...fn("Read", two) })],
    [`tool::Read:${one}`, `tool::Read:${two}`],
  ],
  [
    "a call with neither id nor arguments before another",
    [callChunk({ index: 0, ...fn("Read", "") }), callChunk({ index: 1, ...fn("Bash", two) })],
    ["tool::Read:{}", `tool::Bash:${two}`],
  ],
  [
    "a call with neither id nor arguments before text",
    [callChunk({ index: 0, ...fn("Read", "") }), chunk({ content: "so" })],
    ["tool::Read:{}", "text:so"],
  ],
  [
    "one id for two calls",
    [calls({ index: 0, id: "c1", ...fn("Read", one) }, { index: 1, id: "c1", ...fn("Bash", two) })],
    [`tool:c1:Read:${one}`, `tool:c1:Bash:${two}`],
  ],
  [
    "one id for two calls of different tools, without an index and the first without arguments",
    [
      callChunk({ id: "c1", ...fn("Read", "") }),
      callChunk({ id: "c1", ...fn("Bash", '{"path"') }),
      callChunk({ id: "c1", ...fn("", ':"b"}') }),
    ],
    ["tool:c1:Read:{}", `tool:c1:Bash:${two}`],
  ],
  [
    "one id and one index for two calls of different tools",
    [callChunk({ index: 0, id: "c1", ...fn("Read", one) }), callChunk({ index: 0, id: "c1", ...fn("Bash", two) })],
    [`tool:c1:Read:${one}`, `tool:c1:Bash:${two}`],
  ],
  [
    "ids that are numbers, without an index",
    [callChunk({ id: 0, ...fn("Read", "") }), callChunk({ id: 1, ...fn("Read", "") }), callChunk({ id: 1, function: { arguments: two } })],
    ["tool:0:Read:{}", `tool:1:Read:${two}`],
  ],
  [
    "the same number for the id and the index of every call",
    [callChunk({ index: 0, id: 0, ...fn("Read", one) }), callChunk({ index: 0, id: 0, ...fn("Read", two) })],
    [`tool::Read:${one}`, `tool::Read:${two}`],
  ],
  [
    "the form before tool_calls",
    [chunk({ function_call: { name: "Read", arguments: '{"path"' } }), chunk({ function_call: { arguments: ':"a"}' } })],
    [`tool::Read:${one}`],
  ],
  [
    "both forms of one call",
    [chunk({ tool_calls: [{ index: 0, id: "c1", ...fn("Read", one) }], function_call: { name: "Read", arguments: one } })],
    [`tool:c1:Read:${one}`],
  ],
  ["ids with odd characters", [callChunk({ index: 0, id: "functions.Read:0", ...fn("Read", one) })], [`tool:functions.Read:0:Read:${one}`]],
  [
    "an entry that says nothing",
    [chunk({ content: "a", tool_calls: [{}, null] }), callChunk({ index: 0, id: "c1", ...fn("Read", one) })],
    ["text:a", `tool:c1:Read:${one}`],
  ],
];

describe("pages that a reply cites", () => {
  const cited = (url: string, title?: string) => ({ type: "url_citation", url_citation: { url, title, content: "c", start_index: 0 } });
  const chunks = [
    chunk({ content: "Wombats dig." }),
    chunk({ content: "", annotations: [cited("https://a.example", "A"), cited("https://b.example")] }),
    end("stop"),
    done,
  ];
  const search: HostedTool = { type: "hosted", wire: "messages", name: "web_search", value: {}, webSearch: {} };
  const searches = (tools: HostedTool[]) =>
    readPieces([new TextEncoder().encode(sse(chunks))], { tools }).flatMap((event) => (event.type === "opaque" ? [event.part.search] : []));

  it("are what a search found, for a client that asked for one", () => {
    const found = [
      { url: "https://a.example", title: "A" },
      { url: "https://b.example", title: "https://b.example" },
    ];
    expect(searches([search])).toEqual([{ id: expect.stringMatching(/^ws_/), query: "Hello", found }]);
    expect(searches([])).toEqual([]);
  });
});

describe("calls of a stream", () => {
  it.each(tools)("%s", (_, chunks, parts) => {
    for (const reason of ["tool_calls", "stop"]) {
      const story = read([...chunks, end(reason), done]);
      expect(story.parts).toEqual(parts);
      expect(story.stop).toEqual({ reason: "tool-use" });
    }
  });

  it("drops a call whose name never comes", () => {
    expect(read([callChunk({ index: 0, id: "c1", function: { arguments: one } }), end("tool_calls")])).toMatchObject({
      parts: [],
      stop: { reason: "end" },
    });
  });

  it.each([
    [
      "directly before it",
      [chunk({ content: "I look.\nRe" }), chunk({ content: "ad" })],
      ["text:I look.\nRead", 'tool:c1:Read:{"path":"a"}'],
    ],
    ["with thinking behind it", [chunk({ content: "Read" }), chunk({ reasoning_content: "hm" })], ["text:Read", "thinking:hm"]],
    ["that is no tool's", [chunk({ content: "so" })], ["text:so"]],
  ] as const)("takes a name that never comes from the text, where it ends with one %s", (_what, before, parts) => {
    const nameless = ['{"path":', '"a"}'].map((json) => callChunk({ index: 0, id: "c1", function: { name: "", arguments: json } }));
    expect(read([...before, ...nameless, end("tool_calls"), done]).parts).toEqual(parts);
  });

  it("carries Gemini's signature on an empty thinking part right before its call", () => {
    const signed = { extra_content: { google: { thought_signature: "sig" } } };
    const { parts } = read([
      calls({ index: 0, id: "c1", ...fn("Read", one), ...signed }, { index: 1, id: "c2", ...fn("Bash", two) }),
      end(),
    ]);
    expect(parts).toEqual(['thinking:[lab/lab-model {"thought_signature":"sig"}]', `tool:c1:Read:${one}`, `tool:c2:Bash:${two}`]);
  });
});

describe("a call that the output limit cut", () => {
  const begin = { index: 0, id: "c1", ...fn("Read", one) };
  it.each<[string, object[], string[]]>([
    [
      "keeps what came of an open call, which no one can parse",
      [callChunk({ index: 0, id: "c1", ...fn("Read", '{"pa') })],
      ['tool:c1:Read:{"pa'],
    ],
    ["gives no arguments to a call that had none", [callChunk({ index: 0, id: "c1", ...fn("Read", "") })], ["tool:c1:Read:"]],
    ["gives no arguments to a last call with empty ones", [callChunk({ index: 0, id: "c1", ...fn("Read", "{}") })], ["tool:c1:Read:"]],
    ["keeps a complete call", [callChunk(begin)], [`tool:c1:Read:${one}`]],
    [
      "keeps empty arguments that text follows",
      [callChunk({ index: 0, id: "c1", ...fn("Read", "{}") }), chunk({ content: "and" })],
      ["tool:c1:Read:{}", "text:and"],
    ],
    [
      "drops one that waits and is not complete",
      [callChunk({ index: 0, id: "c1", ...fn("Read", '{"pa') }), callChunk({ index: 1, id: "c2", ...fn("Bash", "{") })],
      ['tool:c1:Read:{"pa'],
    ],
  ])("%s", (_, chunks, parts) => {
    expect(read([...chunks, end("length"), done])).toMatchObject({ parts, stop: { reason: "max-output" } });
    expect(read([...chunks, end("content_filter"), done])).toMatchObject({ parts, stop: { reason: "refusal" } });
  });

  it("tells once what waited behind it, and drops what is dropped, where the model declined too", () => {
    const open = callChunk({ index: 0, id: "c1", ...fn("Read", '{"pa') });
    const behind = [chunk({ content: "and" }), callChunk({ index: 1, id: "c2", ...fn("Bash", "") }), chunk({ refusal: "no" })];
    expect(read([open, ...behind, end("length")]).parts).toEqual(['tool:c1:Read:{"pa', "text:and", "text:no"]);
  });
});
