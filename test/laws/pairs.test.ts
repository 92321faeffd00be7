import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ReplyEvent } from "../../src/model/event.ts";
import { pipe, runStage } from "../../src/model/pipe.ts";
import type { AssistantPart, Request, Tool, Turn, UserPart } from "../../src/model/request.ts";
import { readSse } from "../../src/wire/sse.ts";
import { createGrammar } from "../support/reply-grammar.ts";
import { plainRequest } from "../support/request.ts";
import { apart, text, toolInput, toolNames } from "./arbitraries.ts";
import { carried, open, pairs, wires } from "./carrying.ts";

const textPart = text.map((value) => ({ type: "text", text: value }) as const);
const image = fc.constant({ type: "image", source: { type: "base64", mediaType: "image/png", data: "iVBORw0KGgo=" } } as const);
const call = fc.record({ name: fc.constantFrom(...toolNames), input: toolInput, result: fc.oneof(textPart, image) });
const conversation: fc.Arbitrary<Turn[]> = fc
  .tuple(
    fc.option(textPart, { nil: undefined }),
    fc.array(
      fc.record({
        user: fc.array(fc.oneof(textPart, image), { minLength: 1, maxLength: 3 }),
        answer: textPart,
        calls: fc.array(call, { maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    textPart,
  )
  .map(([lead, exchanges, last]) => {
    let count = 0;
    const turns: Turn[] = lead === undefined ? [] : [{ role: "system", parts: [lead] }];
    for (const { user, answer, calls } of exchanges) {
      const ids = calls.map(() => `call_${count++}`);
      const asked = calls.map(
        (one, at): AssistantPart => ({ type: "tool-call", id: ids[at] ?? "", name: one.name, arguments: JSON.stringify(one.input) }),
      );
      turns.push({ role: "user", parts: user }, { role: "assistant", parts: [answer, ...asked] });
      if (calls.length === 0) continue;
      turns.push({
        role: "user",
        parts: calls.map((one, at): UserPart => ({ type: "tool-result", id: ids[at] ?? "", parts: [one.result], error: false })),
      });
      turns.push({ role: "assistant", parts: [answer] });
    }
    return [...turns, { role: "user", parts: [last] }];
  });
const tools: Tool[] = toolNames.map((name) => ({
  type: "function",
  name,
  description: `The ${name} tool`,
  parameters: { type: "object", properties: { file_path: { type: "string" } }, required: ["file_path"], additionalProperties: false },
}));
const asked: fc.Arbitrary<Request> = fc.record({
  model: fc.constant("m"),
  turns: conversation,
  tools: fc.constant(tools),
  toolChoice: fc.constantFrom<Request["toolChoice"]>(
    { type: "auto" },
    { type: "required" },
    { type: "none" },
    { type: "tool", name: "Bash" },
  ),
  parallelTools: fc.boolean(),
  reasoning: fc.constant<Request["reasoning"]>({}),
  maxOutput: fc.integer({ min: 16, max: 8000 }),
  sampling: fc.constantFrom<Request["sampling"]>({}, { temperature: 0.5 }),
  stop: fc.constant([]),
  stream: fc.boolean(),
});

/**
 * What every wire can say. Not all can say where one text ends and the next begins, whether neighbours of one role are one turn, or on
 * which side of the results a picture from one stands (chat has pictures only in what the user says).
 */
function essence(request: Request) {
  interface Said {
    readonly role: string;
    text: string;
    readonly calls: unknown[];
    readonly results: unknown[];
    readonly images: string[];
  }
  const said: Said[] = [];
  for (const turn of request.turns) {
    const before = said.at(-1);
    const last: Said = before?.role === turn.role ? before : { role: turn.role, text: "", calls: [], results: [], images: [] };
    if (last !== before) said.push(last);
    for (const part of turn.parts as readonly (UserPart | AssistantPart)[]) {
      if (part.type === "text") last.text += part.text.replace(/\s/g, "");
      else if (part.type === "tool-call") last.calls.push([part.id, part.name, JSON.parse(part.arguments)]);
      else if (part.type === "tool-result") {
        last.results.push([part.id, part.parts.map((inner) => (inner.type === "text" ? inner.text : "")).join("")]);
        for (const inner of part.parts) if (inner.type === "image") last.images.push(JSON.stringify(inner.source));
      } else if (part.type === "image") last.images.push(JSON.stringify(part.source));
    }
  }
  const { model, toolChoice, maxOutput, sampling, stream } = request;
  const offered = request.tools.map((tool) => (tool.type === "function" ? [tool.name, tool.description, tool.parameters] : tool.name));
  // The Messages API can forbid parallel calls only where it is free to make one.
  const parallel = toolChoice.type === "none" || request.parallelTools;
  return { model, said, offered, toolChoice, parallel, maxOutput, sampling, stream };
}

describe.each(pairs)("a client of %s at a provider of %s", (from, to) => {
  it("is understood: the conversation, the tools and what is asked", () => {
    fc.assert(
      fc.property(asked, (request) => {
        const { server } = carried(request, from, to);
        expect(essence(server.request)).toEqual(essence(request));
      }),
      { numRuns: 60 },
    );
  });

  it("has the same beginning of its prompt whatever follows", () => {
    fc.assert(
      fc.property(asked, text, (request, more) => {
        const next: Turn[] = [
          { role: "assistant", parts: [{ type: "text", text: "a" }] },
          { role: "user", parts: [{ type: "text", text: more }] },
        ];
        const sent = (one: Request) => {
          const { body } = carried(one, from, to).opened;
          // A mark for the cache is no part of the prompt.
          const unmarked = JSON.stringify(body.messages ?? body.input, (name, value) => (name === "cache_control" ? undefined : value));
          return JSON.parse(unmarked) as readonly unknown[];
        };
        const short = sent(request);
        const long = sent({ ...request, turns: [...request.turns, ...next] });
        expect(JSON.stringify(long.slice(0, short.length))).toBe(JSON.stringify(short));
      }),
      { numRuns: 40 },
    );
  });

  const basic: Request = { ...plainRequest, tools, maxOutput: 8000 };
  const pieces = (value: string, count: number): string[] => {
    const letters = [...value];
    return Array.from({ length: count }, (_, at) =>
      letters.slice(Math.floor((letters.length * at) / count), Math.floor((letters.length * (at + 1)) / count)).join(""),
    );
  };
  const count = fc.integer({ min: 1, max: 4 });
  const reply: fc.Arbitrary<ReplyEvent[]> = fc
    .record({
      thinking: fc.option(fc.tuple(text, count), { nil: undefined }),
      text: fc.tuple(text, count),
      calls: fc.array(fc.tuple(fc.constantFrom(...toolNames), toolInput, count), { maxLength: 3 }),
      figures: fc.record({
        input: fc.integer({ min: 100, max: 9999 }),
        output: fc.integer({ min: 10, max: 7000 }),
        cacheRead: fc.nat({ max: 99 }),
      }),
    })
    .map(({ thinking, text, calls, figures }): ReplyEvent[] => [
      { type: "reply-start", id: "x" },
      ...(thinking === undefined
        ? []
        : ([
            { type: "thinking-start" },
            ...apart(pieces(...thinking)).map((one) => ({ type: "thinking-delta", text: one }) as const),
            { type: "thinking-end" },
          ] as const)),
      { type: "text-start" },
      ...apart(pieces(...text)).map((one) => ({ type: "text-delta", text: one }) as const),
      { type: "text-end" },
      ...calls.flatMap(([name, input, parts], at): ReplyEvent[] => [
        { type: "tool-start", id: `call_${at}`, name },
        ...pieces(JSON.stringify(input), parts).map((json) => ({ type: "tool-delta", json }) as const),
        { type: "tool-end" },
      ]),
      { type: "reply-end", stop: { reason: calls.length > 0 ? "tool-use" : "end" }, usage: figures },
    ]);

  /** Seals and where a text was cut are no part of what was said. */
  const told = (list: readonly ReplyEvent[]) => {
    const grammar = createGrammar();
    for (const event of list) expect(grammar.next(event)).toBeUndefined();
    expect(grammar.over()).toBeUndefined();
    const said: unknown[] = [];
    let open = "";
    for (const event of list) {
      if ("text" in event) open += event.text;
      else if (event.type === "tool-start") said.push([event.id, event.name]);
      else if (event.type === "tool-delta") open += event.json;
      else if (event.type.endsWith("-end") && event.type !== "reply-end") {
        said.push([event.type, event.type === "tool-end" ? JSON.parse(open) : open]);
        open = "";
      } else if (event.type === "reply-end")
        said.push([event.stop.reason, event.usage.input, event.usage.output, event.usage.cacheRead ?? 0]);
      else if (event.type === "failure") said.push(event);
    }
    return said;
  };
  const bytes = (out: readonly string[]) => [new TextEncoder().encode(out.join(""))];

  it("hears what the model says, streamed", () => {
    fc.assert(
      fc.property(reply, (list) => {
        const { client, mended, opened, server } = carried(basic, from, to);
        const upstream = runStage(server.write.stream("r1"), list);
        const way = pipe(pipe(pipe(readSse(), opened.read.stream()), mended.events()), client.write.stream("r2"));
        const heard = runStage(pipe(readSse(), open(wires[from].provider, basic).read.stream()), bytes(runStage(way, bytes(upstream))));
        expect(told(heard)).toEqual(told(list));
      }),
      { numRuns: 60 },
    );
  });

  it("hears what the model says, at once", () => {
    fc.assert(
      fc.property(reply, (list) => {
        const { client, mended, opened, server } = carried(basic, from, to);
        const upstream = JSON.parse(JSON.stringify(server.write.reply(list)));
        const answer = client.write.reply(runStage(mended.events(), opened.read.reply(upstream)));
        expect(told(open(wires[from].provider, basic).read.reply(JSON.parse(JSON.stringify(answer))))).toEqual(told(list));
      }),
      { numRuns: 60 },
    );
  });
});
