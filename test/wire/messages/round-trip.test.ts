import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ReplyEvent } from "../../../src/model/event.ts";
import { pipe, runStage } from "../../../src/model/pipe.ts";
import type { AssistantPart, Request, Turn, UserPart } from "../../../src/model/request.ts";
import { messagesClient } from "../../../src/wire/messages/client.ts";
import { messagesProvider } from "../../../src/wire/messages/provider.ts";
import { readSse } from "../../../src/wire/sse.ts";
import { growth, notItsSquare } from "../../support/growth.ts";
import { readMessagesStream } from "../../support/messages-grammar.ts";
import { createGrammar } from "../../support/reply-grammar.ts";

const ids = { next: (prefix: string) => `${prefix}1` };
const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }).filter((text) => !text.startsWith("x-anthropic"));
const name = fc.stringMatching(/^[A-Za-z][\w-]{0,20}$/);
const id = fc.stringMatching(/^[\w-]{1,12}$/);
const cache = fc.option(fc.record({ ttl: fc.constantFrom("5m", "1h") }, { requiredKeys: [] }), { nil: undefined });
const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
/** Absent fields are left out, as the language has them. */
const clean = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

const text = fc.record({ type: fc.constant("text" as const), text: word });
const source = fc.oneof(
  fc.record({
    type: fc.constant("base64" as const),
    mediaType: fc.constantFrom("image/png", "application/pdf"),
    data: fc.base64String({ maxLength: 12 }),
  }),
  fc.record({ type: fc.constant("url" as const), url: fc.webUrl() }),
  fc.record({ type: fc.constant("file" as const), id: word }),
);
const image = fc.record({ type: fc.constant("image" as const), source });
const document = fc.record({
  type: fc.constant("document" as const),
  source: fc.oneof(source, fc.record({ type: fc.constant("text" as const), text: word })),
  title: optional(word),
  context: optional(word),
});
const opaque = word.map((file) => ({ type: "opaque", wire: "messages", value: { type: "container_upload", file_id: file } }) as const);
const found = name.map(
  (source) =>
    ({ type: "opaque", wire: "messages", value: { type: "search_result", source, title: "", content: [] }, text: source }) as const,
);
const result = fc.oneof(
  fc.record({
    type: fc.constant("tool-result" as const),
    id,
    parts: fc.array(fc.oneof(text, image, document, found), { maxLength: 3 }),
    error: fc.constant(false),
  }),
  // The API takes nothing else of a tool that failed.
  fc.record({
    type: fc.constant("tool-result" as const),
    id,
    parts: fc.array(text, { minLength: 1, maxLength: 3 }),
    error: fc.constant(true),
  }),
);

const userTurn = fc
  .tuple(fc.array(result, { maxLength: 2 }), fc.array(fc.oneof(text, image, document, opaque), { minLength: 1, maxLength: 3 }))
  .map(([results, parts]): Turn => ({ role: "user", parts: [...results, ...parts] as UserPart[] }));
const seal = fc.oneof(
  fc.base64String({ minLength: 4 }).map((value) => ({ wire: "messages" as const, value })),
  fc.constant({ wire: "messages" as const, value: "redacted:ZA==" }),
);
const json = fc.dictionary(name, fc.oneof(word, fc.integer(), fc.boolean()), { maxKeys: 3 }).map((value) => JSON.stringify(value));
const thinking = fc
  .record({ type: fc.constant("thinking" as const), text: fc.string(), seal })
  .map((part) => (part.seal.value.startsWith("redacted:") ? { ...part, text: "" } : part));
const call = fc.record({ type: fc.constant("tool-call" as const), id, name, arguments: json });
const assistantTurn = fc
  .array(fc.oneof(text, thinking, call), { minLength: 1, maxLength: 4 })
  .map((parts): Turn => ({ role: "assistant", parts: parts as AssistantPart[] }));

/** Turns as every wire has them: instructions first, then user and assistant in turn. */
const turns = fc
  .tuple(fc.array(text, { maxLength: 2 }), fc.array(fc.tuple(userTurn, assistantTurn), { maxLength: 3 }), userTurn)
  .map(([system, pairs, last]): Turn[] => [
    ...(system.length > 0 ? [{ role: "system", parts: system } as const] : []),
    ...pairs.flat(),
    last,
  ]);

const reasoning = fc.oneof(
  fc.constant({}),
  fc.constant({ enabled: false }),
  fc.record({ enabled: fc.constant(true), effort: optional(fc.constantFrom("low", "medium", "high", "xhigh", "max")) }),
  fc.record({ enabled: fc.constant(true), budget: fc.integer({ min: 1024, max: 4000 }) }),
);
const schema = fc.record({ type: fc.constant("object"), properties: fc.dictionary(name, fc.constant({ type: "string" })) });
const tool = fc.record({ type: fc.constant("function" as const), name, description: optional(word), parameters: schema, cache });

const request = fc
  .record({
    model: word,
    turns,
    // The API takes marks of an hour before shorter ones only.
    tools: fc
      .uniqueArray(tool, { minLength: 1, maxLength: 3, selector: (item) => item.name })
      .map((tools) => tools.toSorted((one, other) => Number(other.cache?.ttl === "1h") - Number(one.cache?.ttl === "1h"))),
    toolChoice: fc.constantFrom({ type: "auto" }, { type: "none" }),
    parallelTools: fc.boolean(),
    reasoning,
    maxOutput: fc.integer({ min: 4001, max: 64_000 }),
    sampling: fc.record({
      temperature: optional(fc.constantFrom(0, 0.5, 1)),
      topP: optional(fc.constantFrom(0.5)),
      topK: optional(fc.nat()),
    }),
    // The API refuses white space alone.
    stop: fc.array(
      word.filter((value) => value.trim() !== ""),
      { maxLength: 3 },
    ),
    stream: fc.boolean(),
    user: optional(word.filter((value) => !value.startsWith("{"))),
  })
  .map((value) => clean(value) as Request);

describe("a request that goes through the wire", () => {
  it("comes back as it was, but for what the wire cannot say", () => {
    fc.assert(
      fc.property(request, (before) => {
        const { body } = messagesProvider.open(before, { ids, model: before.model, maker: "lab/m", quirks: {} });
        const after = messagesClient.accept(clean(body), { ids, now: 0 });
        if ("failure" in after) throw new Error(after.failure.message);
        expect(after.request).toEqual({
          ...before,
          // "none" has no flag for parallel calls, and thinking excludes sampling.
          parallelTools: before.toolChoice.type === "none" ? true : before.parallelTools,
          sampling: before.reasoning.enabled === true ? {} : before.sampling,
        });
      }),
      { numRuns: 200 },
    );
  });
});

const piece = (type: "text" | "thinking") =>
  fc
    .array(word, { minLength: 1, maxLength: 4 })
    .map((pieces) => pieces.map((value) => ({ type: `${type}-delta`, text: value }) as ReplyEvent));
const part: fc.Arbitrary<ReplyEvent[]> = fc.oneof(
  piece("text").map((deltas): ReplyEvent[] => [{ type: "text-start" }, ...deltas, { type: "text-end" }]),
  fc
    .tuple(piece("thinking"), fc.base64String({ minLength: 4 }))
    .map(([deltas, value]): ReplyEvent[] => [
      { type: "thinking-start" },
      ...deltas,
      { type: "thinking-end", seal: { wire: "messages", maker: "lab/m", value } },
    ]),
  fc
    .tuple(id, name, json, fc.nat(20))
    .map(([call, tool, value, cut]): ReplyEvent[] => [
      { type: "tool-start", id: call, name: tool },
      ...[value.slice(0, cut), value.slice(cut)].filter((half) => half !== "").map((half) => ({ type: "tool-delta", json: half }) as const),
      { type: "tool-end" },
    ]),
  name.map((file): ReplyEvent[] => [{ type: "opaque", part: { wire: "messages", value: { type: "container_upload", file_id: file } } }]),
);
const usage = fc.record({
  input: fc.integer({ min: 100, max: 9999 }),
  cacheRead: fc.nat(50),
  cacheWrite: fc.nat(50),
  output: fc.nat(999),
  reasoning: optional(fc.nat(99)),
});

const reply = fc
  .tuple(fc.array(part, { maxLength: 4 }), usage, fc.constantFrom("max-output", "window-full", "pause", "end"), word)
  .map(([parts, figures, reason, last]): ReplyEvent[] => {
    const called = parts.flat().some(({ type }) => type === "tool-start");
    return clean([
      { type: "reply-start", id: "msg_1" },
      ...parts.flat(),
      { type: "text-start" },
      { type: "text-delta", text: last },
      { type: "text-end" },
      { type: "reply-end", stop: { reason: reason === "end" && called ? "tool-use" : reason }, usage: figures },
    ] as ReplyEvent[]);
  });

function connect(): {
  write: (events: readonly ReplyEvent[]) => string;
  whole: (events: readonly ReplyEvent[]) => unknown;
  read: (text: string) => ReplyEvent[];
  readWhole: (body: unknown) => ReplyEvent[];
} {
  const accepted = messagesClient.accept({ model: "m", max_tokens: 1, messages: [{ role: "user", content: "x" }] }, { ids, now: 0 });
  if ("failure" in accepted) throw new Error(accepted.failure.message);
  const { read } = messagesProvider.open(accepted.request, { ids, model: "m", maker: "lab/m", quirks: {} });
  return {
    write: (events) => runStage(accepted.write.stream("r"), events).join(""),
    whole: accepted.write.reply,
    read: (text) => runStage(pipe(readSse(), read.stream()), [Buffer.from(text, "utf8")]),
    readWhole: read.reply,
  };
}

/** Deltas joined, since only their sum is promised; the start's figures are the provider's guess. */
function folded(events: readonly ReplyEvent[]): unknown[] {
  const out: Record<string, unknown>[] = [];
  for (const event of events) {
    const last = out.at(-1);
    if (last !== undefined && last.type === event.type && event.type.endsWith("-delta")) {
      if ("text" in event) last.text = `${last.text}${event.text}`;
      if ("json" in event) last.json = `${last.json}${event.json}`;
    } else if (event.type === "reply-start") out.push({ type: event.type, id: event.id });
    else out.push({ ...event });
  }
  return out;
}

describe("a reply that goes through the wire", () => {
  it("comes back as it was, streamed", () => {
    fc.assert(
      fc.property(reply, (events) => {
        const { write, read } = connect();
        const written = write(events);
        expect(readMessagesStream(written, { foreign: true }).problems).toEqual([]);
        expect(folded(read(written))).toEqual(folded(events));
      }),
      { numRuns: 200 },
    );
  });

  it("comes back as it was, whole", () => {
    fc.assert(
      fc.property(reply, (events) => {
        const { whole, readWhole } = connect();
        expect(folded(readWhole(clean(whole(events))))).toEqual(folded(events));
      }),
      { numRuns: 200 },
    );
  });

  it("is legal whatever the server sends", () => {
    const event = fc.oneof(
      fc.record({
        type: fc.constant("content_block_start"),
        index: fc.nat(3),
        content_block: fc.oneof(
          fc.record({ type: fc.constantFrom("text", "thinking", "tool_use", "redacted_thinking", "x_tool_result") }),
          fc.jsonValue(),
        ),
      }),
      fc.record({
        type: fc.constant("content_block_delta"),
        index: fc.nat(3),
        delta: fc.record({
          type: fc.constantFrom("text_delta", "thinking_delta", "input_json_delta", "signature_delta"),
          text: word,
          thinking: word,
          partial_json: word,
        }),
      }),
      fc.record({ type: fc.constant("content_block_stop"), index: fc.nat(3) }),
      fc.record({
        type: fc.constantFrom("message_start", "message_delta", "message_stop", "ping", "error", "news"),
        delta: fc.jsonValue(),
        message: fc.jsonValue(),
        usage: fc.jsonValue(),
      }),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (events) => {
        const { read, write } = connect();
        const out = read(events.map((value) => `data: ${JSON.stringify(value)}\n\n`).join(""));
        const grammar = createGrammar();
        for (const item of out) expect(grammar.next(item)).toBeUndefined();
        expect(grammar.over()).toBeUndefined();
        write(out);
      }),
      { numRuns: 500 },
    );
  });

  it("costs by the length of a call, not by its square", { timeout: 120_000 }, () => {
    const { read, write } = connect();
    const task = (size: number) => {
      const events: ReplyEvent[] = [
        { type: "reply-start", id: "msg_1" },
        { type: "tool-start", id: "t", name: "Write" },
      ];
      for (let count = 0; count < size; count += 1) events.push({ type: "tool-delta", json: "x" });
      events.push({ type: "tool-end" }, { type: "reply-end", stop: { reason: "tool-use" }, usage: {} });
      expect(read(write(events)).length).toBeGreaterThan(size);
    };
    expect(growth(task, 25_000)).toBeLessThan(notItsSquare);
  });
});
