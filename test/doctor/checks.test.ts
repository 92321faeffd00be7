import { describe, expect, it } from "vitest";
import { type Ask, longPromptChecks, type Subject, servedChecks, toolChecks, turnChecks } from "../../src/doctor/index.ts";
import type { Failure } from "../../src/model/failure.ts";
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
