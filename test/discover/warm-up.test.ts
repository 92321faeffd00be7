import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { warmReach } from "../../src/discover/warm-up.ts";
import { createReach, type Reach } from "../../src/reach/reach.ts";
import { followsOpening, type Opening, openingOf, warmUpOf } from "../../src/route/opening.ts";
import { providerAt, targetOf } from "../support/provider.ts";
import { answerJson, silence, startUpstream, type Upstream } from "../support/upstream.ts";

const system = { role: "system", content: "You are an agent. ".repeat(20) };
const tools = [{ type: "function", function: { name: "Read", parameters: {} } }];
const turn = (text: string, more: object = {}) => ({
  model: "big",
  max_tokens: 4_096,
  stream: true,
  tools,
  messages: [system, { role: "user", content: text }],
  ...more,
});

describe("the opening of a request", () => {
  it.each([
    ["chat", turn("secret words"), [system]],
    [
      "responses",
      {
        model: "big",
        instructions: "You are",
        tools,
        input: [
          { role: "developer", content: "x" },
          { role: "user", content: "secret words" },
        ],
      },
      [{ role: "developer", content: "x" }],
    ],
    ["messages", { model: "big", system: "You are", tools, max_tokens: 9, messages: [{ role: "user", content: "secret words" }] }, []],
  ] as const)("%s: instructions and tools, and no word of the conversation", (wire, body, leading) => {
    const opening = openingOf(wire, body) as Opening;
    expect(opening.leading).toEqual(leading);
    expect(opening.fields).toMatchObject({ tools });
    expect(JSON.stringify(opening)).not.toMatch(/secret words|max_tokens|stream/);
    // What stands before the first turn is written as it was, to the byte.
    const warm = JSON.stringify(warmUpOf(opening, "big"));
    for (const part of [tools, ...leading]) expect(warm).toContain(JSON.stringify(part));
    expect(followsOpening(opening, body)).toBe(true);
  });

  it.each([
    ["no tools", turn("x", { tools: [] })],
    ["no turns", { model: "big", tools }],
    ["nothing", undefined],
  ])("there is none in a request with %s", (_what, body) => expect(openingOf("chat", body)).toBeUndefined());

  it("a budget for thinking is not asked of a reply of one token", () => {
    const opening = openingOf("messages", { tools, messages: [], thinking: { type: "enabled", budget_tokens: 2048 } }) as Opening;
    expect(warmUpOf(opening, "m")).not.toHaveProperty("thinking");
    const adaptive = openingOf("messages", { tools, messages: [], thinking: { type: "adaptive" } }) as Opening;
    expect(warmUpOf(adaptive, "m")).toHaveProperty("thinking");
  });

  it.each([
    ["the same with another date at its end", [{ ...system, content: `${system.content} Friday` }], tools, true],
    ["other instructions", [{ ...system, content: "Write a title." }], tools, false],
    ["other tools", [system], [], false],
  ])("is followed by %s: %#", (_what, leading, others, expected) => {
    const opening = openingOf("chat", turn("x")) as Opening;
    expect(followsOpening(opening, { ...turn("y"), tools: others, messages: [...leading, { role: "user", content: "y" }] })).toBe(expected);
  });
});

describe("a warm-up", () => {
  let upstream: Upstream;
  let reach: Reach;
  beforeEach(async () => {
    upstream = await startUpstream(silence);
    reach = createReach({ env: {} });
  });
  afterEach(async () => {
    await reach.close();
    await upstream.close();
  });

  const opening = openingOf("chat", turn("before")) as Opening;
  const start = () => {
    const target = targetOf(providerAt(upstream.url, { keys: ["k"] }), "big");
    const seen: Opening[] = [];
    const facts: string[] = [];
    const way = warmReach(reach, {
      main: (model) => model === "big",
      seen: (one) => seen.push(one),
      sink: ({ type }) => void facts.push(type),
    });
    const send = (body: object, signal?: AbortSignal) =>
      way.send({
        provider: target.provider,
        method: "POST",
        url: `${upstream.url}/v1/chat/completions`,
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        ...(signal === undefined ? {} : { signal }),
      });
    return { way, target, seen, facts, send };
  };

  it("is the opening alone, with the key and one token of output; a turn that goes its way waits for it", async () => {
    let finish: () => void = () => {};
    upstream.script(
      async (_request, response) => {
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        response.writeHead(200, { "content-type": "application/json" }).end("{}");
      },
      answerJson({ ok: true }),
    );
    const { way, target, seen, facts, send } = start();
    way.warm(target, opening);
    const warm = await upstream.request(1);
    expect(warm.headers.authorization).toBe("Bearer k");
    expect(warm.json).toMatchObject({
      model: "big",
      max_tokens: 1,
      stream: false,
      tools,
      messages: [system, { role: "user", content: "." }],
    });
    const sent = send(turn("hello"));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(upstream.requests).toHaveLength(1);
    finish();
    expect((await sent).failure).toBeUndefined();
    expect((await warm.closed).early).toBe(false);
    expect(upstream.requests).toHaveLength(2);
    // The first turn's opening is kept for the next session; later turns are not looked at.
    await send(turn("again"));
    expect(seen).toEqual([opening]);
    expect(facts).toEqual(["request", "attempt", "answered"]);
  });

  it.each([
    [
      "with other instructions",
      {
        ...turn("x"),
        messages: [
          { role: "system", content: "A title." },
          { role: "user", content: "x" },
        ],
      },
    ],
    ["without tools", { ...turn("x"), tools: undefined }],
    ["for another model", turn("x", { model: "small" })],
  ])("is given up at once for a request %s", async (_what, body) => {
    upstream.script(silence, answerJson({ ok: true }));
    const { way, target, send } = start();
    way.warm(target, opening);
    const warm = await upstream.request(1);
    expect((await send(body)).failure).toBeUndefined();
    expect((await warm.closed).early).toBe(true);
  });

  it("a turn that is given up while it waits does not wait on", async () => {
    const { way, target, send } = start();
    way.warm(target, opening);
    await upstream.request(1);
    const abort = new AbortController();
    const sent = send(turn("hello"), abort.signal);
    abort.abort();
    expect((await sent).failure).toMatchObject({ origin: "client" });
    way.abandon();
    expect(upstream.requests).toHaveLength(1);
  });

  it("a turn goes on where the server refuses the warm-up", async () => {
    upstream.script(answerJson({ error: { message: "no" } }, 400), answerJson({ ok: true }));
    const { way, target, send } = start();
    way.warm(target, opening);
    expect((await send(turn("hello"))).failure).toBeUndefined();
  });

  it("does not begin after the conversation has, and ends with the session", async () => {
    upstream.script(answerJson({ ok: true }), silence);
    const first = start();
    await first.send(turn("hello"));
    first.way.warm(first.target, opening);
    const second = start();
    second.way.warm(second.target, opening);
    const warm = await upstream.request(2);
    second.way.abandon();
    expect((await warm.closed).early).toBe(true);
    expect(upstream.requests).toHaveLength(2);
  });

  it("stops looking for a conversation's tools where it has none", async () => {
    upstream.script(answerJson({ ok: true }));
    const { seen, send } = start();
    for (let index = 0; index < 8; index++) await send({ ...turn("x"), tools: [] });
    await send(turn("x"));
    expect(seen).toEqual([]);
  });
});
