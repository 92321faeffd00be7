import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ReplyEvent } from "../../src/model/event.ts";
import { runStage } from "../../src/model/pipe.ts";
import type { Quirks } from "../../src/model/quirks.ts";
import type { AssistantPart, Request, Turn, UserPart } from "../../src/model/request.ts";
import { plainRequest } from "../support/request.ts";
import { carried, carriedBody, type Name, names, open, pairs, quirks, wires } from "./carrying.ts";

// biome-ignore lint/suspicious/noExplicitAny: bodies of three wires.
type Json = any;

/** What became of something on its way: as it was; said in words; done by fcc in the server's place; left out. "-": this client cannot say it. */
type Cell = "yes" | "in words" | "by fcc" | "no" | "-";

const basic: Request = {
  ...plainRequest,
  tools: [{ type: "function", name: "Read", parameters: { type: "object", properties: { path: { type: "string" } } } }],
  maxOutput: 8000,
  stream: false,
};
const user = (...parts: UserPart[]): Turn => ({ role: "user", parts });
const says = (text: string) => ({ type: "text", text }) as const;
const asks = (...turns: Turn[]): Request => ({ ...basic, turns });
const called = (result: Extract<UserPart, { type: "tool-result" }>): Request =>
  asks(user(says("go")), { role: "assistant", parts: [{ type: "tool-call", id: result.id, name: "Read", arguments: "{}" }] }, user(result));
const data = { type: "base64", mediaType: "image/png", data: "iVBORw0KGgo=" } as const;
const pdf = { type: "base64", mediaType: "application/pdf", data: "JVBERi0=" } as const;
const anywhere = (request: Request, sought: string) => JSON.stringify(request.turns).includes(sought);

/** Something in a request: where it stands in the language, and by which of its words it is found again. */
interface Asked {
  readonly what: string;
  readonly request: Request;
  readonly has: (request: Request) => boolean;
  readonly words?: string;
  /** What is known of the server beyond the common. */
  readonly takes?: Quirks;
}
const asked: readonly Asked[] = [
  {
    what: "text, calls of tools, their results",
    request: called({ type: "tool-result", id: "call_1", parts: [says("RESULT")], error: false }),
    has: ({ turns }) => {
      const parts = turns.flatMap((turn): readonly (UserPart | AssistantPart)[] => turn.parts);
      return (
        parts.some((part) => part.type === "tool-call" && part.id === "call_1") &&
        parts.some((part) => part.type === "tool-result" && part.id === "call_1")
      );
    },
  },
  { what: "a picture", request: asks(user(says("look"), { type: "image", source: data })), has: (request) => anywhere(request, data.data) },
  {
    what: "a picture that a tool returned",
    request: called({ type: "tool-result", id: "call_1", parts: [{ type: "image", source: data }], error: false }),
    has: (request) => anywhere(request, data.data),
  },
  {
    what: "a PDF",
    request: asks(user(says("read"), { type: "document", source: pdf, title: "a.pdf" })),
    has: (request) => anywhere(request, pdf.data),
  },
  {
    what: "that a tool failed",
    request: called({ type: "tool-result", id: "call_1", parts: [says("no such file")], error: true }),
    has: ({ turns }) => turns.some((turn) => turn.role === "user" && turn.parts.some((part) => part.type === "tool-result" && part.error)),
    words: "Error",
  },
  {
    what: "instructions in the middle of the conversation",
    request: asks(
      user(says("one")),
      { role: "assistant", parts: [says("two")] },
      { role: "system", parts: [says("MIDDLE")] },
      user(says("three")),
    ),
    has: ({ turns }) => turns.findIndex((turn) => turn.role === "system" && JSON.stringify(turn).includes("MIDDLE")) > 0,
    words: "MIDDLE",
  },
  {
    what: "the same, where the server takes them anywhere",
    request: asks(
      user(says("one")),
      { role: "assistant", parts: [says("two")] },
      { role: "system", parts: [says("MIDDLE")] },
      user(says("three")),
    ),
    has: ({ turns }) => turns.findIndex((turn) => turn.role === "system" && JSON.stringify(turn).includes("MIDDLE")) > 0,
    words: "MIDDLE",
    takes: { systemAnywhere: true },
  },
  {
    what: "one tool that must be called",
    request: { ...basic, toolChoice: { type: "tool", name: "Read" } },
    has: ({ toolChoice }) => toolChoice.type === "tool",
  },
  { what: "no calls in parallel", request: { ...basic, parallelTools: false }, has: ({ parallelTools }) => !parallelTools },
  { what: "a limit of the output", request: basic, has: ({ maxOutput }) => maxOutput === 8000 },
  {
    what: "how hard to think",
    request: { ...basic, reasoning: { enabled: true, effort: "high" } },
    has: ({ reasoning }) => reasoning.effort === "high",
  },
  { what: "temperature", request: { ...basic, sampling: { temperature: 0.5 } }, has: ({ sampling }) => sampling.temperature === 0.5 },
  {
    what: "a schema for the reply",
    request: { ...basic, schema: { name: "reply", schema: { type: "object", properties: {}, additionalProperties: false } } },
    has: ({ schema }) => schema !== undefined,
    words: "schema",
  },
  { what: "strings at which to stop", request: { ...basic, stop: ["STOP"] }, has: ({ stop }) => stop.includes("STOP") },
];

function requestCell({ request, has, words, takes }: Asked, from: Name, to: Name): Cell {
  const { client, mended, server } = carried(request, from, to, { ...quirks, ...takes });
  if (!has(client.request)) return "-";
  if (has(server.request)) return "yes";
  if (words !== undefined && anywhere(server.request, words)) return "in words";
  if (request.stop.length === 0) return "no";
  const reply: ReplyEvent[] = [
    { type: "reply-start", id: "r" },
    { type: "text-start" },
    { type: "text-delta", text: "one STOP two" },
    { type: "text-end" },
    { type: "reply-end", stop: { reason: "end" }, usage: {} },
  ];
  const told = runStage(mended.events(), reply);
  return told.some((event) => event.type === "text-delta" && event.text.includes("two")) ? "no" : "by fcc";
}

/** A client's next request after a reply, as clients of each wire make it. */
const nextBody: Readonly<Record<Name, (body: Json, reply: Json) => Json>> = {
  messages: (body, reply) => ({
    ...body,
    messages: [
      ...body.messages,
      { role: "assistant", content: reply.content },
      { role: "user", content: [{ type: "tool_result", tool_use_id: reply.content.at(-1).id, content: "done" }] },
    ],
  }),
  chat: (body, reply) => ({
    ...body,
    messages: [
      ...body.messages,
      reply.choices[0].message,
      { role: "tool", tool_call_id: reply.choices[0].message.tool_calls[0].id, content: "done" },
    ],
  }),
  responses: (body, reply) => ({
    ...body,
    input: [...body.input, ...reply.output, { type: "function_call_output", call_id: reply.output.at(-1).call_id, output: "done" }],
  }),
};
const thinker: Quirks = { ...quirks, reasoningField: "reasoning_content", reasoningTurns: "all" };

/** A server thinks and calls a tool: what of the thinking does it get back in the next request, through a client of the other wire? */
function thinkingCell(from: Name, to: Name, maker: string, sought: "text" | "seal"): Cell {
  const body = open(wires[from].provider, basic, thinker).body;
  const { client, opened, server } = carriedBody(body, from, to, thinker);
  const seal = to === "chat" ? {} : ({ seal: { wire: to, value: "c2VhbA==" } } as const);
  const reply: ReplyEvent[] = [
    { type: "reply-start", id: "r" },
    { type: "thinking-start" },
    { type: "thinking-delta", text: "THOUGHT" },
    { type: "thinking-end", ...seal },
    { type: "tool-start", id: "call_1", name: "Read" },
    { type: "tool-delta", json: "{}" },
    { type: "tool-end" },
    { type: "reply-end", stop: { reason: "tool-use" }, usage: { input: 10, output: 5 } },
  ];
  const told = JSON.parse(JSON.stringify(client.write.reply(opened.read.reply(JSON.parse(JSON.stringify(server.write.reply(reply)))))));
  const next = nextBody[from](JSON.parse(JSON.stringify(body)), told);
  const again = carriedBody(next, from, to, thinker);
  const sent = JSON.stringify(
    wires[to].provider.open(again.mended.request, { ids: { next: (prefix) => `${prefix}1` }, model: "m", maker, quirks: thinker }).body,
  );
  if (sought === "seal" && to === "chat") return "-";
  return sent.includes(sought === "seal" ? "c2VhbA==" : "THOUGHT") ? "yes" : "no";
}

/** Something that a server says: what the client of the other wire hears. */
const heard: readonly { readonly what: string; readonly cell: (from: Name, to: Name) => Cell }[] = [
  {
    what: "thinking, shown",
    cell: (from, to) =>
      reply(from, to, [{ type: "thinking-start" }, { type: "thinking-delta", text: "THOUGHT" }, { type: "thinking-end" }]).includes(
        "THOUGHT",
      )
        ? "yes"
        : "no",
  },
  {
    what: "what was read from the cache",
    cell: (from, to) => (reply(from, to, []).includes('"CACHED":77'.replace('"CACHED"', cachedField[from])) ? "yes" : "no"),
  },
  {
    what: "that the output limit was reached",
    cell: (from, to) => (/"(max_tokens|length|max_output_tokens)"/.test(reply(from, to, [], "max-output")) ? "yes" : "no"),
  },
  {
    what: "that the model refused",
    cell: (from, to) => (/"(refusal|content_filter)"/.test(reply(from, to, [], "refusal")) ? "yes" : "no"),
  },
];
const cachedField: Readonly<Record<Name, string>> = {
  messages: '"cache_read_input_tokens"',
  chat: '"cached_tokens"',
  responses: '"cached_tokens"',
};

function reply(from: Name, to: Name, more: readonly ReplyEvent[], reason: "end" | "max-output" | "refusal" = "end"): string {
  const { client, mended, opened, server } = carried(basic, from, to);
  const said: ReplyEvent[] = [
    { type: "reply-start", id: "r" },
    ...more,
    { type: "text-start" },
    { type: "text-delta", text: "fine" },
    { type: "text-end" },
    { type: "reply-end", stop: { reason }, usage: { input: 100, output: 5, cacheRead: 77 } },
  ];
  const answer = JSON.parse(JSON.stringify(server.write.reply(said)));
  return JSON.stringify(client.write.reply(runStage(mended.events(), opened.read.reply(answer))));
}

const titles: Readonly<Record<Name, string>> = { messages: "Messages", chat: "Chat", responses: "Responses" };

const rows: readonly { readonly part: string; readonly what: string; readonly cell: (from: Name, to: Name) => Cell }[] = [
  ...asked.map((probe) => ({ part: "asked", what: probe.what, cell: (from: Name, to: Name) => requestCell(probe, from, to) })),
  { part: "asked", what: "thinking of earlier replies", cell: (from, to) => thinkingCell(from, to, "lab/m", "text") },
  { part: "asked", what: "the seal on it, to the model that made it", cell: (from, to) => thinkingCell(from, to, "lab/m", "seal") },
  { part: "asked", what: "the seal on it, to another model", cell: (from, to) => thinkingCell(from, to, "lab/other", "seal") },
  ...heard.map((probe) => ({ part: "heard", ...probe })),
];

function table(part: string): string {
  const header = `| | ${pairs.map(([from, to]) => `${titles[from]} → ${titles[to]}`).join(" | ")} |`;
  const lines = rows
    .filter((row) => row.part === part)
    .map(({ what, cell }) => `| ${what} | ${pairs.map(([from, to]) => cell(from, to)).join(" | ")} |`);
  return [header, `| --- |${" --- |".repeat(pairs.length)}`, ...lines].join("\n");
}

/** Where the tables stand in the README. */
const marks = /(?<=<!-- made by test\/laws\/pairs-table\.test\.ts -->\n\n).*?(?=\n\n<!-- end -->)/s;

const tables = () => `What a client asks:

${table("asked")}

What a client hears:

${table("heard")}`;

describe("the table of pairs", () => {
  it("is what requests and replies look like at the other end", async () => {
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
    expect(readme).toMatch(marks);
    await expect(readme.replace(marks, tables)).toMatchFileSnapshot("../../README.md");
  });

  it("loses nothing that agents live on, whatever the pair", () => {
    for (const what of [
      "text, calls of tools, their results",
      "thinking of earlier replies",
      "thinking, shown",
      "that the output limit was reached",
    ])
      for (const [from, to] of pairs)
        expect(rows.find((row) => row.what === what)?.cell(from, to), `${what}: ${from} to ${to}`).toBe("yes");
  });

  it.each(names)("never gives a seal of %s to a model that did not make it", (to) => {
    // A signature of Messages goes to a client of Messages as it is, since its session may go on natively; a server that refuses it is
    // asked again without.
    const others = names.filter((from) => !(from === "messages" && to === "messages"));
    for (const from of others) expect(thinkingCell(from, to, "lab/other", "seal")).not.toBe("yes");
  });
});
