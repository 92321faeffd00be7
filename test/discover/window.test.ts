import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  chooseModel,
  copyName,
  type Discovery,
  loadedWindow,
  loadOllama,
  makeOllamaCopy,
  modelIn,
  removeOllamaCopy,
  windowIn,
} from "../../src/discover/index.ts";
import { windowOf } from "../../src/discover/window.ts";
import { rows } from "../../src/providers/index.ts";
import type { Row } from "../../src/providers/row.ts";
import { createReach, type Reach } from "../../src/reach/reach.ts";
import { providerAt, targetOf } from "../support/provider.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";
import { answering, recorded, said } from "./recorded.ts";

const found = (...models: Discovery["models"]): Discovery => ({ provider: "box", server: "Ollama 0.17.4", models });
const target = (over: object = {}, row: Partial<Row> = {}) => targetOf(providerAt("http://127.0.0.1:9", {}, row), "m", over);
const memory = () => {
  const kept = new Map<string, number>();
  return { kept, get: (key: string) => kept.get(key), set: (key: string, context: number) => void kept.set(key, context) };
};

describe("the window of a target", () => {
  const limits = { m: { context: 200_000, maxOutput: 8_000 } };

  it("is what the configuration says, over all", () => {
    const window = windowIn(
      target({ context: 5, maxOutput: 3 }, { limits }),
      found({ id: "m", context: 4096, maxOutput: 9, source: "/api/ps" }),
    );
    expect(window).toMatchObject({ context: 5, maxOutput: 3, source: "configuration", certain: true });
  });

  it("else what the server says", () => {
    const window = windowIn(target({}, { limits }), found({ id: "m", context: 4096, trainedContext: 8192, source: "/api/ps" }));
    expect(window).toMatchObject({ context: 4096, maxOutput: 8_000, source: "/api/ps", certain: true });
  });

  it("else what it said last time", () => {
    const kept = { get: () => 65_536, set: () => {} };
    expect(windowIn(target({}, { limits }), found({ id: "m", trainedContext: 8192, source: "/api/show" }), kept)).toMatchObject({
      context: 65_536,
      source: "the last launch",
    });
  });

  it("else what is known of the model", () => {
    expect(windowIn(target({}, { limits }), undefined)).toMatchObject({ context: 200_000, source: "built-in table", certain: true });
  });

  it("else what it was trained for, which nobody promised", () => {
    expect(windowIn(target(), found({ id: "m", trainedContext: 8192, source: "/api/show" }))).toMatchObject({
      context: 8192,
      certain: false,
    });
    expect(windowIn(target(), found())).toEqual({ source: "not known", certain: false, discovery: found() });
  });

  it("belongs to a model by its name with or without the tag", () => {
    const discovery = found({ id: "qwen3", source: "x" }, { id: "qwen3:8b", source: "x" });
    expect(modelIn(discovery, "qwen3:latest")?.id).toBe("qwen3");
    expect(modelIn(discovery, "qwen3:8b")?.id).toBe("qwen3:8b");
    expect(modelIn(discovery, "qwen3:4b")).toBeUndefined();
  });

  it("belongs to the one model of a server that does not look at names", () => {
    expect(modelIn({ provider: "x", server: "llama.cpp", models: [{ id: "gguf", source: "x" }] }, "anything")?.id).toBe("gguf");
  });
});

describe("the model to use where none is named", () => {
  it.each([
    ["a loaded one", found({ id: "a", size: 9, source: "x" }, { id: "b", size: 1, loaded: true, source: "x" }), "b"],
    ["else the largest", found({ id: "a", size: 1, source: "x" }, { id: "b", size: 9, source: "x" }), "b"],
    [
      "one with tools before a loaded one without",
      found({ id: "a", loaded: true, tools: false, source: "x" }, { id: "b", source: "x" }),
      "b",
    ],
    ["no embedder", found({ id: "nomic-embed-text", size: 99, loaded: true, source: "x" }, { id: "b", source: "x" }), "b"],
    ["none of none", found(), undefined],
  ])("%s", (_, discovery, id) => {
    expect(chooseModel(discovery)?.id).toBe(id);
  });
});

describe("with a server", () => {
  let reach: Reach;
  let server: Upstream | undefined;
  beforeAll(() => {
    reach = createReach({ env: {} });
  });
  afterEach(async () => {
    await server?.close();
  });
  afterAll(() => reach.close());
  const ollama = (url: string) => providerAt(url, { id: "ollama" }, rows["ollama"] as Row);

  it("remembers the window for when the model is not loaded, but not for another version", async () => {
    server = await startUpstream(answering(recorded("ollama")));
    const kept = memory();
    const asked = targetOf(ollama(server.url), "smollm2-plain");
    expect(await windowOf(asked, reach, kept)).toMatchObject({ context: 4096, source: "/api/ps", certain: true });
    const { "GET /api/ps": _, ...unloaded } = recorded("ollama");
    server.script(answering(unloaded));
    expect(await windowOf(asked, reach, kept)).toMatchObject({ context: 4096, source: "the last launch" });
    server.script(answering({ ...unloaded, "GET /api/version": { body: { version: "0.18.0" } } }));
    expect(await windowOf(asked, reach, kept)).toMatchObject({ context: 8192, source: "trained window", certain: false });
  });

  it("makes a copy of an Ollama model with another window, loads it and takes it away again", async () => {
    server = await startUpstream(
      answering(
        said({
          "POST /api/create": { status: "success" },
          "POST /api/generate": { done: true, done_reason: "load" },
          "DELETE /api/delete": {},
        }),
      ),
    );
    const provider = ollama(server.url);
    const copy = copyName("qwen3:8b", 65536, "3f9a1c");
    expect(await makeOllamaCopy(provider, { copy, model: "qwen3:8b", numCtx: 65536 }, reach)).toBeUndefined();
    expect(await loadOllama(provider, { model: copy }, reach)).toBeUndefined();
    expect(await removeOllamaCopy(provider, copy, reach)).toBeUndefined();
    expect(server.requests.map(({ method, path, json }) => [method, path, json])).toEqual([
      ["POST", "/api/create", { model: copy, from: "qwen3:8b", parameters: { num_ctx: 65536 }, stream: false }],
      ["POST", "/api/generate", { model: copy, stream: false }],
      ["DELETE", "/api/delete", { model: copy }],
    ]);
  });

  it("says why it could not, but not that what is to go has gone already", async () => {
    server = await startUpstream(
      answering({
        "POST /api/create": { status: 404, body: { error: 'model "nope" not found' } },
        "DELETE /api/delete": { status: 404, body: { error: "model 'x' not found" } },
      }),
    );
    const provider = ollama(server.url);
    expect(await makeOllamaCopy(provider, { copy: "x", model: "nope", numCtx: 65536 }, reach)).toMatchObject({
      kind: "not-found",
      provider: expect.stringContaining("ollama at http:"),
      message: expect.stringContaining(`${server.url}/api/create: `),
    });
    expect(await removeOllamaCopy(provider, "x", reach)).toBeUndefined();
  });

  it("sees the window that came of it", async () => {
    const ps = (context_length?: number) => said({ "GET /api/ps": { models: [{ name: "qwen3:8b", context_length }] } });
    server = await startUpstream(answering(ps(65536)));
    expect(await loadedWindow(ollama(server.url), "qwen3:8b", reach)).toBe(65536);
    server.script(answering(ps()));
    expect(await loadedWindow(ollama(server.url), "qwen3:8b", reach)).toBeUndefined();
  });

  it.each([
    ["qwen3", 65536, "fcc/qwen3:latest-65536-3f9a1c"],
    ["hf.co/bartowski/Qwen3-GGUF:Q4_K_M", 32768, "fcc/hf.co-bartowski-Qwen3-GGUF:Q4_K_M-32768-3f9a1c"],
    // Ollama takes 80 characters of a name.
    [`hf.co/bartowski/${"x".repeat(79)}:Q8_0`, 32768, `fcc/hf.co-bartowski-${"x".repeat(64)}:Q8_0-32768-3f9a1c`],
  ])("%s with %i tokens is %s", (model, numCtx, name) => {
    expect(copyName(model, numCtx, "3f9a1c")).toBe(name);
  });
});
