import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ReplyEvent } from "../../../src/model/event.ts";
import type { AssistantPart, Request, ResultPart, Turn, UserPart } from "../../../src/model/request.ts";
import { responsesClient } from "../../../src/wire/responses/client.ts";
import { responsesProvider } from "../../../src/wire/responses/provider.ts";
import { writeSeal } from "../../../src/wire/responses/seal.ts";
import { text, toolInput } from "../../laws/arbitraries.ts";
import { acceptContext, accepted, countingIds, events, folded, illegal, openContext, readResponsesStream, run } from "./reading.ts";

const textPart = text.map((value) => ({ type: "text", text: value }) as const);
const image = fc
  .constantFrom("auto", "low", "high")
  .map((detail) => ({ type: "image", source: { type: "base64", mediaType: "image/png", data: "AAAA" }, detail }) as const);
const document = text.map(
  (title) => ({ type: "document", title, source: { type: "base64", mediaType: "application/pdf", data: "AAAA" } }) as const,
);
const seal = { wire: "responses", maker: "lab/m", value: "gAAAA" } as const;
const thinking = fc.oneof(text, fc.constant("")).map((value) => ({ type: "thinking", text: value, seal }) as const);
const names = ["Read", "mcp__files__list"] as const;
const call = fc.record({
  name: fc.constantFrom(...names),
  input: toolInput,
  result: fc.array(fc.oneof(textPart, image), { maxLength: 2 }),
});
const saidBy: fc.Arbitrary<UserPart[]> = fc.array(fc.oneof(textPart, image, document), { minLength: 1, maxLength: 3 });

/** Conversations in the form that the wire can say: one kind of text a result, thoughts with something after them. */
const turns: fc.Arbitrary<Turn[]> = fc
  .tuple(
    fc.option(textPart, { nil: undefined }),
    fc.array(
      fc.record({
        user: saidBy,
        system: fc.option(fc.array(textPart, { minLength: 1, maxLength: 2 }), { nil: undefined }),
        thinking: fc.option(thinking, { nil: undefined }),
        texts: fc.array(textPart, { minLength: 1, maxLength: 2 }),
        calls: fc.array(call, { maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([lead, exchanges]) => {
    let count = 0;
    const list: Turn[] = lead === undefined ? [] : [{ role: "system", parts: [lead] }];
    for (const { user, system, thinking, texts, calls } of exchanges) {
      list.push({ role: "user", parts: user });
      if (system !== undefined) list.push({ role: "system", parts: system });
      const ids = calls.map(() => `call_${count++}`);
      const said: AssistantPart[] = calls.map((one, index) => ({
        type: "tool-call",
        id: ids[index] ?? "",
        name: one.name,
        arguments: JSON.stringify(one.input),
      }));
      list.push({ role: "assistant", parts: [...(thinking === undefined ? [] : [thinking]), ...texts, ...said] });
      if (calls.length > 0) {
        const parts = calls.map(({ result }, index) => {
          const texts = result.filter((part) => part.type === "text");
          const joined: ResultPart[] =
            texts.length > 1 && texts.length === result.length
              ? [{ type: "text", text: texts.map((part) => part.text).join("\n") }]
              : result;
          return { type: "tool-result", id: ids[index] ?? "", parts: joined, error: false } as const;
        });
        list.push({ role: "user", parts });
      }
    }
    return list;
  });

const request: fc.Arbitrary<Request> = fc.record(
  {
    model: fc.constant("m"),
    turns,
    tools: fc.subarray(
      names.map((name) => ({ type: "function", name, description: "d", parameters: { type: "object", properties: {} } }) as const),
      { minLength: 1 },
    ),
    toolChoice: fc.constantFrom<Request["toolChoice"]>({ type: "auto" }, { type: "required" }, { type: "none" }),
    parallelTools: fc.boolean(),
    reasoning: fc.constantFrom<Request["reasoning"]>(
      {},
      { enabled: true, effort: "low", summary: null },
      { enabled: true, effort: "high", summary: "concise" },
    ),
    maxOutput: fc.integer({ min: 1, max: 99_999 }),
    sampling: fc.record({ temperature: fc.constantFrom(0, 0.5, 1), topP: fc.constantFrom(0.1, 1) }, { requiredKeys: [] }),
    stop: fc.constant([]),
    schema: fc.constant({ name: "n", schema: { type: "object" } }),
    stream: fc.boolean(),
    cacheKey: fc.constantFrom("k"),
  },
  { requiredKeys: ["model", "turns", "tools", "toolChoice", "parallelTools", "reasoning", "sampling", "stop", "stream"] },
);

describe("what is written is read again", () => {
  it("requests, but for the maker of a seal, which the wire has no place for", () => {
    fc.assert(
      fc.property(request, (asked) => {
        const { body } = responsesProvider.open(asked, openContext());
        const result = responsesClient.accept(JSON.parse(JSON.stringify(body)), acceptContext());
        if ("failure" in result) throw new Error(result.failure.message);
        const unmade = (part: AssistantPart): AssistantPart =>
          part.type === "thinking" ? { ...part, seal: { wire: "responses", value: seal.value } } : part;
        const expected = asked.turns.map((turn) => (turn.role === "assistant" ? { ...turn, parts: turn.parts.map(unmade) } : turn));
        expect(result.request).toEqual({ ...asked, turns: expected, cachesUnasked: true });
      }),
      { numRuns: 200 },
    );
  });

  it("prompts grow only at their end", () => {
    fc.assert(
      fc.property(turns, fc.nat(), (list, cut) => {
        const base = accepted({ input: "x" }).request;
        const open = (some: readonly Turn[]) => responsesProvider.open({ ...base, turns: some }, openContext()).body;
        // A conversation is sent when the user's turn, or the system's after it, is last.
        const at = 1 + (cut % list.length);
        if (list[at - 1]?.role === "assistant" || list[at]?.role === "system") return;
        const [part, whole] = [open(list.slice(0, at)), open(list)];
        if (list.slice(0, at).every((turn) => turn.role === "system")) return;
        expect(whole.instructions).toEqual(part.instructions);
        expect((whole.input as unknown[]).slice(0, (part.input as unknown[]).length)).toEqual(part.input);
      }),
    );
  });

  const codexTools = [
    { type: "function", name: "f", parameters: {} },
    { type: "custom", name: "patch" },
    { type: "namespace", name: "n", tools: [{ type: "function", name: "g", parameters: {} }] },
  ];
  const pieces = (value: string, count: number) =>
    Array.from({ length: count }, (_, index) =>
      [...value].slice(Math.floor(([...value].length * index) / count), Math.floor(([...value].length * (index + 1)) / count)).join(""),
    );
  const delta = fc.tuple(text, fc.integer({ min: 1, max: 4 })).map(([value, count]) => pieces(value, count));
  const part: fc.Arbitrary<ReplyEvent[]> = fc.oneof(
    delta.map((list): ReplyEvent[] => [
      { type: "text-start" },
      ...list.map((one) => ({ type: "text-delta", text: one }) as const),
      { type: "text-end" },
    ]),
    fc
      .tuple(delta, fc.option(fc.constantFrom("messages", "responses", "chat"), { nil: undefined }))
      .map(([list, wire]): ReplyEvent[] => [
        { type: "thinking-start" },
        ...list.map((one) => ({ type: "thinking-delta", text: one }) as const),
        { type: "thinking-end", ...(wire === undefined ? {} : { seal: { wire, maker: "x/y", value: "s" } as const }) },
      ]),
    fc
      .tuple(fc.constantFrom("f", "n__g"), toolInput, fc.integer({ min: 1, max: 4 }))
      .map(([name, input, count]): ReplyEvent[] => [
        { type: "tool-start", id: "", name },
        ...pieces(JSON.stringify(input), count).map((json) => ({ type: "tool-delta", json }) as const),
        { type: "tool-end" },
      ]),
    fc
      .tuple(text, fc.integer({ min: 1, max: 4 }))
      .map(([input, count]): ReplyEvent[] => [
        { type: "tool-start", id: "", name: "patch" },
        ...pieces(JSON.stringify({ input }), count).map((json) => ({ type: "tool-delta", json }) as const),
        { type: "tool-end" },
      ]),
  );
  const usage = fc.record({ input: fc.nat(), cacheRead: fc.nat(), cacheWrite: fc.nat(), output: fc.nat(), reasoning: fc.nat() });
  const reply = fc.tuple(fc.array(part, { minLength: 1, maxLength: 5 }), fc.boolean(), usage).map(([parts, cut, figures]): ReplyEvent[] => {
    const list = parts.flat().map((event, index) => (event.type === "tool-start" ? { ...event, id: `call_${index}` } : event));
    const called = list.some((event) => event.type === "tool-start");
    return [
      { type: "reply-start", id: "x" },
      ...list,
      { type: "reply-end", stop: { reason: cut ? "max-output" : called ? "tool-use" : "end" }, usage: figures },
    ];
  });
  const said = (list: readonly ReplyEvent[]) =>
    folded(list)
      .slice(1)
      .map((event) => {
        if (event.type === "tool-start") return { ...event, name: event.name === "g" ? "n__g" : event.name };
        // Every response names a service tier.
        if (event.type === "reply-end") return { ...event, own: undefined };
        return event.type === "thinking-end" && event.seal?.maker !== "lab/m" && event.seal
          ? { ...event, seal: { wire: "responses", maker: "lab/m", value: writeSeal(event.seal) } }
          : event;
      });

  it("replies, as a stream and at once; the seal is the client's to keep", () => {
    fc.assert(
      fc.property(reply, (list) => {
        const { write } = accepted({ input: "x", tools: codexTools });
        const stream = run(write.stream("r"), list).join("");
        readResponsesStream(stream);
        const read = () => responsesProvider.open(accepted({ input: "x" }).request, openContext()).read;
        const streamed = run(
          read().stream(),
          events(stream).map(({ event, data }) => ({ ...(event === undefined ? {} : { event }), data: JSON.stringify(data) })),
        );
        expect(illegal(streamed)).toBeUndefined();
        expect(said(streamed)).toEqual(said(list));
        const whole = accepted({ input: "x", tools: codexTools }).write.reply(list);
        expect(said(read().reply(whole))).toEqual(said(list));
      }),
      { numRuns: 200 },
    );
  });

  it("each reply counts for itself", () => {
    const ids = countingIds();
    const writers = [1, 2].map(() => {
      const result = responsesClient.accept({ model: "m", input: "x" }, { ids, now: 0 });
      if ("failure" in result) throw new Error("refused");
      return result.write.stream("r");
    });
    const list: ReplyEvent[] = [
      { type: "reply-start", id: "x" },
      { type: "text-start" },
      { type: "text-delta", text: "a" },
      { type: "text-end" },
      { type: "reply-end", stop: { reason: "end" }, usage: {} },
    ];
    const both = list.map((event) => writers.map((writer) => writer.push(event).join("")));
    const [first, second] = [0, 1].map((index) => readResponsesStream(both.map((out) => out[index]).join("")));
    expect(first?.response.id).not.toBe(second?.response.id);
  });
});
