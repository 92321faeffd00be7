import { describe, expect, it } from "vitest";
import { type Ask, type Check, longPromptChecks, type Subject, servedChecks, toolChecks, turnChecks } from "../../src/checks/index.ts";
import type { ReplyEvent } from "../../src/model/event.ts";
import type { Failure } from "../../src/model/failure.ts";
import { rows } from "../../src/providers/index.ts";
import { providerAt, targetOf } from "../support/provider.ts";

/** A model that only talks, on a server with one model in its list, which the target names in another way. */
function subject(server: string, id: string, named: string): Subject {
  const ask: Ask = async () => ({
    events: [{ type: "text-start" }, { type: "text-delta", text: "Hm." }, { type: "text-end" }],
    elapsed: 1,
    seen: [],
    facts: [],
  });
  return {
    target: targetOf(providerAt("http://x"), named),
    ask,
    discovery: async () => ({ provider: "box", server, models: [{ id, tools: false, images: false, source: "/props" }] }),
    window: async () => ({ source: "not known" }),
    fixedPrompt: 0,
    greeting: () => ask({ turns: [] }),
  };
}

const checkOf = async (checks: readonly Check[], wanted: string) =>
  Promise.all(checks.filter(({ id }) => id === wanted).map((check) => check.run()));

describe("what the server's list says of the model", () => {
  it.each([
    ["Ollama", "gemma3", "gemma3:latest"],
    ["llama.cpp", "gemma.gguf", "gemma3"],
  ])("%s: counts by another name that means it too", async (server, id, named) => {
    const of = subject(server, id, named);
    const found = [...toolChecks(of), ...turnChecks(of)].filter((check) => check.id === "tool-call" || check.id === "image");
    expect(await Promise.all(found.map(async (check) => (await check.run()).seen))).toEqual([
      "the server says that this model's template takes no tools",
      "the model takes none; fcc leaves them out and says so",
    ]);
  });
});

describe("whether the key is taken", () => {
  const refusal: Failure = { kind: "forbidden", message: "Missing scopes: api.model.read", origin: "provider" };
  const found = async (answered?: Failure) => {
    const of = subject("box", "m", "m");
    const heard = { ...(await of.greeting()), ...(answered && { failure: answered }) };
    const refused = { ...of, greeting: async () => heard, discovery: async () => ({ provider: "box", models: [], failure: refusal }) };
    return servedChecks(refused)
      .find(({ id }) => id === "authentication")
      ?.run();
  };

  it("is told by the model's own answer, where the key does not open the list", async () => {
    expect(await found()).toMatchObject({ state: "good" });
  });

  it("is not said of what a launch starts, with a key of its own", async () => {
    const of = { ...subject("box", "m", "m"), target: targetOf(providerAt("http://x", { keys: ["k"] }), "m") };
    expect(await checkOf(servedChecks(of), "authentication")).toMatchObject([{ state: "good", seen: "none is asked for" }]);
  });

  it.each([
    [undefined, "`fcc keys set box` stores one."],
    ["fcc keys", "`fcc keys set box` stores another."],
    // A stored key comes after it: to store one would change nothing.
    ["BOX_KEY", "Renew it where it comes from (BOX_KEY)."],
  ])("where it is not (%s), it is said what helps", async (keySource, todo) => {
    const failure: Failure = { kind: "unauthorized", message: "Invalid key", origin: "provider" };
    const of = subject("box", "m", "m");
    const provider = providerAt("http://x", keySource === undefined ? {} : { keys: ["k"], keySource });
    const refused = { ...of, target: targetOf(provider, "m"), greeting: async () => ({ ...(await of.greeting()), failure }) };
    expect(await checkOf(servedChecks(refused), "authentication")).toMatchObject([{ state: "bad", todo }]);
  });

  it("is told by the list where there is no answer", async () => {
    expect(await found({ kind: "upstream", message: "boom", origin: "provider" })).toMatchObject({ state: "bad" });
  });
});

describe("a long prompt that gets no answer", () => {
  const found = async (failure: Failure) => {
    const of = subject("box", "m", "m");
    const refusing: Ask = async (...asked) => ({ ...(await of.ask(...asked)), failure });
    return longPromptChecks({ ...of, ask: refusing, fixedPrompt: 1000 }, "n")[0]?.run();
  };

  it("is no matter of the window where it is refused for something else", async () => {
    const limited = await found({ kind: "rate-limited", message: "tokens per minute", origin: "provider", provider: "box", retryAfter: 7 });
    expect(limited).toMatchObject({ state: "bad", seen: "box: tokens per minute", todo: "Try again in 7 s." });
  });

  it("is one where it is too long", async () => {
    const long = await found({ kind: "too-long", message: "too long", origin: "provider", limit: { max: 6000 } });
    expect(long).toMatchObject({ state: "bad", seen: "too long", todo: expect.stringContaining("`context: 6000`") });
  });
});

describe("a picture", () => {
  const found = async (kind: Failure["kind"]) => {
    const of = subject("box", "other", "m");
    const failure: Failure = { kind, message: "no", origin: "provider", provider: "box" };
    const refusing: Ask = async (...asked) => ({ ...(await of.ask(...asked)), failure });
    return turnChecks({ ...of, ask: refusing })
      .find(({ id }) => id === "image")
      ?.run();
  };

  it.each(["bad-request", "upstream", "not-found"] as const)("is refused by a failure of the kind %s", async (kind) => {
    expect(await found(kind)).toMatchObject({ state: "doubt", todo: expect.stringContaining("images: false") });
  });

  it("is not refused where a limit of requests is reached", async () => {
    expect(await found("rate-limited")).toMatchObject({ state: "bad", todo: "Try again later." });
  });
});

describe("a call that was to be copied", () => {
  /** A model that answers with this call. */
  const found = async (json: (wanted: string) => string, stop: "tool-use" | "max-output" = "tool-use") => {
    const of = subject("box", "m", "m");
    const calling: Ask = async (request, ...more) => {
      const [part] = request.turns[0]?.parts ?? [];
      const wanted = part?.type === "text" ? (part.text.split("\n")[2] ?? "") : "";
      const events: ReplyEvent[] = [
        { type: "tool-start", id: "1", name: "write_file" },
        { type: "tool-delta", json: json(wanted) },
        { type: "tool-end" },
        { type: "reply-end", stop: { reason: stop }, usage: {} },
      ];
      return { ...(await of.ask(request, ...more)), events };
    };
    return checkOf(toolChecks({ ...of, ask: calling }), "arguments");
  };

  it.each<[string, (wanted: string) => string, state: string, seen: string]>([
    ["whole", (wanted) => wanted, "good", "every character"],
    ["with escapes that came twice", () => '{"path":"a","content":"gr\\\\u00fc"}', "bad", "escapes came twice"],
    ["with broken characters", () => '{"path":"a","content":"\ufffd"}', "bad", "characters were broken"],
    ["without its content", () => '{"path":"a"}', "bad", "without their content"],
    ["as no JSON", () => '{"path', "bad", "no JSON object"],
    ["with differences", () => '{"path":"a","content":"line one"}', "doubt", "a copy with differences"],
  ])("is judged %s", async (_name, json, state, seen) => {
    expect(await found(json)).toMatchObject([{ state, seen: expect.stringContaining(seen) }]);
  });

  it("is not, where the model did not find its end", async () => {
    expect(await found(() => "", "max-output")).toMatchObject([{ state: "doubt", seen: expect.stringContaining("the end of its call") }]);
  });
});

it("doubts a model that calls a tool only when it is told to", async () => {
  const of = subject("box", "m", "m");
  const told: ReplyEvent[] = [
    { type: "tool-start", id: "1", name: "read_file" },
    { type: "tool-delta", json: '{"path":"a"}' },
    { type: "tool-end" },
  ];
  const obeying: Ask = async (request, ...more) => ({ ...(await of.ask(request, ...more)), ...(request.toolChoice && { events: told }) });
  expect(await checkOf(toolChecks({ ...of, ask: obeying }), "tool-call")).toMatchObject([{ state: "doubt" }]);
});

describe("the second turn of a long prompt", () => {
  it.each([
    ["from the cache", { input: 900, cacheRead: 800 }, "good", "800 tokens from the cache"],
    ["quickly", { input: 900 }, "good", "first token after"],
  ])("is read %s", async (_name, usage, state, seen) => {
    const of = subject("box", "m", "m");
    const reading: Ask = async (...asked) => ({ ...(await of.ask(...asked)), usage });
    const checks = longPromptChecks({ ...of, ask: reading, fixedPrompt: 1000 }, "n");
    await checkOf(checks, "long-prompt");
    expect(await checkOf(checks, "prompt-cache")).toMatchObject([{ state, seen: expect.stringContaining(seen) }]);
  });
});

it.each([
  [2_000, "bad"],
  [8_000, "doubt"],
  [200_000, "good"],
])("a window of %i tokens is judged by the client's first request", async (context, state) => {
  const of = { ...subject("box", "m", "m"), window: async () => ({ context, source: "/props" }), fixedPrompt: 20_000 };
  expect(await checkOf(servedChecks(of), "window")).toMatchObject([{ state }]);
});

it.each([
  ["llamacpp", "(`llama-server -c 65536 ...`)"],
  ["lmstudio", "(`lms load m --context-length 65536`)"],
  ["openai-compatible", "(65,536 is comfortable)"],
])("a window that is too small is made larger by the server's own command, where it has one: %s", async (id, command) => {
  const target = targetOf(providerAt("http://x", {}, rows[id]), "m");
  const of = { ...subject("box", "m", "m"), target, window: async () => ({ context: 8_000, source: "/props" }), fixedPrompt: 20_000 };
  const todo = `Start the server with a larger window ${command}; with less, a launch leaves out tools.`;
  expect(await checkOf(servedChecks(of), "window")).toMatchObject([{ todo }]);
});
