import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { DiscoverOptions, Discovery } from "../../src/discover/discovery.ts";
import { discover } from "../../src/discover/index.ts";
import { rows } from "../../src/providers/index.ts";
import type { Row } from "../../src/providers/row.ts";
import { createReach, type Reach } from "../../src/reach/reach.ts";
import { providerAt } from "../support/provider.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";
import { type Answers, answering, recorded, said } from "./recorded.ts";

let reach: Reach;
let server: Upstream | undefined;
beforeAll(() => {
  reach = createReach({ env: {} });
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});
afterAll(() => reach.close());

async function ask(id: string, answers: Answers, options?: DiscoverOptions, keys: readonly string[] = []): Promise<Discovery> {
  server = await startUpstream(answering(answers));
  return discover(providerAt(server.url, { id, keys }, rows[id] as Row), reach, options);
}

it.each(["vllm", "sglang", "openai-compatible"])("%s below an address that is written without its version is found there", async (id) => {
  server = await startUpstream(answering(said({ "GET /team/v1/models": { data: [{ id: "m", max_model_len: 8192 }] } })));
  const provider = providerAt(server.url, { id, speaks: { chat: { baseUrl: `${server.url}/team` } } }, rows[id] as Row);
  expect((await discover(provider, reach)).models).toMatchObject([{ id: "m", context: 8192 }]);
});

describe("a recorded llama.cpp server", () => {
  it("tells its window, and that its template takes no tools", async () => {
    const found = await ask("llamacpp", recorded("llamacpp"));
    expect(found).toEqual({
      provider: "llamacpp",
      server: "llama.cpp",
      models: [{ id: "smollm2", context: 8192, loaded: true, size: 134515008, tools: false, images: false, source: "/props" }],
    });
  });

  it("takes tools with another template", async () => {
    const { models } = await ask("llamacpp", recorded("llamacpp-tools"));
    expect(models).toMatchObject([{ id: "smollm2", tools: true }]);
  });

  it("tells the window of one slot, not the sum", async () => {
    const { models } = await ask("llamacpp", recorded("llamacpp-two-slots"));
    expect(models[0]?.context).toBe(8192);
  });

  it("is asked with the key where it has one, and refuses without", async () => {
    await ask("llamacpp", recorded("llamacpp-tools"), {}, ["sk-good"]);
    expect(server?.requests.every(({ headers }) => headers.authorization === "Bearer sk-good")).toBe(true);
    await server?.close();
    const { failure, models } = await ask("llamacpp", recorded("llamacpp-no-key"));
    expect(failure).toMatchObject({ kind: "unauthorized", provider: `llamacpp at ${server?.url}`, status: 401 });
    expect(models).toEqual([]);
  });

  it("is asked with a header of the configuration's own in the place of the key, as any request", async () => {
    server = await startUpstream(answering(recorded("llamacpp-tools")));
    const over = { id: "llamacpp", keys: ["sk-good"], headers: { Authorization: "Custom", "X-Team": "a" } };
    await discover(providerAt(server.url, over, rows["llamacpp"] as Row), reach);
    expect(server.requests.map(({ headers }) => [headers.authorization, headers["x-team"]])).toEqual([
      ["Custom", "a"],
      ["Custom", "a"],
    ]);
  });

  it("that is loading its model is a wait, not a stranger", async () => {
    const { failure, server: name } = await ask("llamacpp", recorded("llamacpp-loading"));
    expect(failure).toMatchObject({ kind: "overloaded", retryAfter: expect.any(Number) });
    expect(name).toBe("llama.cpp");
  });

  it("that routes between models is asked for the props of those that are loaded and wanted", async () => {
    const router = {
      "GET /v1/models": { body: { data: [entry("big", "loaded"), entry("small", "unloaded"), entry("other", "loaded")] } },
      "GET /props": { body: { role: "router", build_info: "b9999-abc" } },
      "GET /props?model=big": { body: { default_generation_settings: { n_ctx: 65536 }, modalities: { vision: true } } },
    };
    const found = await ask("llamacpp", router, { models: ["big", "small"] });
    expect(found.server).toBe("llama.cpp b9999-abc");
    expect(found.models).toEqual([
      { id: "big", context: 65536, images: true, loaded: true, source: "/props" },
      { id: "small", loaded: false, source: "model list" },
      { id: "other", loaded: true, source: "model list" },
    ]);
    expect(server?.requests.map(({ path }) => path)).not.toContain("/props?model=small");
  });
});

const entry = (id: string, state: string) => ({ id, owned_by: "llamacpp", status: { value: state } });

describe("a recorded Ollama", () => {
  it("tells the loaded model with its window, and what was asked for in detail", async () => {
    const found = await ask("ollama", recorded("ollama"), { models: ["smollm2-plain"] });
    expect(found.server).toBe("Ollama 0.17.4");
    expect(found.failure).toBeUndefined();
    expect(found.models).toEqual([
      { id: "smollm2-tools", loaded: false, size: 98364562, source: "/api/show" },
      {
        id: "smollm2-plain",
        context: 4096,
        trainedContext: 8192,
        loaded: true,
        size: 98363022,
        tools: false,
        images: false,
        reasoning: false,
        source: "/api/ps",
      },
      { id: "smollm2", loaded: false, size: 98363007, source: "/api/show" },
    ]);
  });

  it("is asked for no details that nobody wants", async () => {
    await ask("ollama", recorded("ollama"));
    expect(server?.requests.map(({ path }) => path).sort()).toEqual(["/api/ps", "/api/tags", "/api/version"]);
  });

  it("does not know a model: the others stay", async () => {
    const { models, failure } = await ask("ollama", recorded("ollama"), { models: ["nope"] });
    expect(models).toHaveLength(3);
    expect(failure).toBeUndefined();
  });

  it("of no version is one all the same", async () => {
    const { server: name } = await ask("ollama", { ...recorded("ollama"), "GET /api/version": { body: { version: "0.0.0" } } });
    expect(name).toBe("Ollama 0.0.0");
  });

  const tags = (...models: object[]) => ({ "GET /api/tags": { models } });
  const show = (model: string, answer: object) => ({ [`POST /api/show {"model":"${model}"}`]: answer });

  it("knows the window of a model that is not loaded from its Modelfile alone", async () => {
    const answers = said({
      ...tags({ name: "qwen3:8b" }, { name: "plain:8b" }),
      ...show("qwen3:8b", {
        parameters: 'stop    "<x>"\nnum_ctx                        32768',
        model_info: { "general.architecture": "qwen3", "qwen3.context_length": 40960 },
        capabilities: ["completion", "tools", "thinking"],
      }),
      ...show("plain:8b", { model_info: { "general.architecture": "llama", "llama.context_length": 131072 } }),
    });
    const { models } = await ask("ollama", answers, { models: ["qwen3:8b", "plain:8b"] });
    expect(models).toMatchObject([
      { id: "qwen3:8b", context: 32768, trainedContext: 40960, tools: true, reasoning: true, source: "num_ctx in its Modelfile" },
      { id: "plain:8b", trainedContext: 131072, source: "/api/show" },
    ]);
    expect(models[1]?.context).toBeUndefined();
  });

  it("serves a cloud model with its whole window", async () => {
    const answers = said({
      ...tags({ name: "kimi-k3:cloud", remote_host: "https://ollama.com" }),
      ...show("kimi-k3:cloud", {
        model_info: { "general.architecture": "kimi", "kimi.context_length": 1048576 },
        capabilities: ["completion", "tools"],
      }),
    });
    const { models } = await ask("ollama", answers, { models: ["kimi-k3:cloud"] });
    expect(models[0]).toMatchObject({ context: 1048576, source: "/api/show" });
  });

  it("does not offer the copies that fcc made, but knows them", async () => {
    const answers = said({
      ...tags({ name: "qwen3:8b" }, { name: "fcc/qwen3:8b-65536" }),
      ...show("fcc/qwen3:8b-65536", { parameters: "num_ctx 65536" }),
    });
    expect((await ask("ollama", answers)).models.map(({ id }) => id)).toEqual(["qwen3:8b"]);
    await server?.close();
    const { models } = await ask("ollama", answers, { models: ["fcc/qwen3:8b-65536"] });
    expect(models[1]).toMatchObject({ id: "fcc/qwen3:8b-65536", context: 65536 });
  });

  it("leaves out a model that completes nothing", async () => {
    const answers = said({ ...tags({ name: "nomic:latest" }), ...show("nomic", { capabilities: ["embedding"] }) });
    expect((await ask("ollama", answers, { models: ["nomic"] })).models).toEqual([]);
  });

  it("is not there where something else answers", async () => {
    const { failure } = await ask("ollama", said({ "GET /api/tags": "<html>hello</html>" }));
    expect(failure).toMatchObject({ kind: "upstream", message: expect.stringContaining("/api/tags") });
  });
});

describe("a recorded vLLM", () => {
  it("tells its window and its version", async () => {
    expect(await ask("vllm", recorded("vllm"))).toEqual({
      provider: "vllm",
      row: "vllm",
      server: "vLLM 0.32.0",
      models: [{ id: "tiny", context: 2048, loaded: true, source: "max_model_len" }],
    });
  });
});

describe("an SGLang server", () => {
  it("tells its window in the list or in its own settings", async () => {
    const list = { data: [{ id: "qwen", owned_by: "sglang" }] };
    const { models, server: name } = await ask(
      "sglang",
      said({ "GET /v1/models": list, "GET /get_server_info": { version: "0.5.9", context_length: 40960 } }),
    );
    expect(name).toBe("SGLang 0.5.9");
    expect(models).toEqual([{ id: "qwen", context: 40960, loaded: true, source: "/get_server_info" }]);
    await server?.close();
    const newer = { data: [{ id: "qwen", owned_by: "sglang", max_model_len: 32768 }] };
    expect((await ask("sglang", said({ "GET /v1/models": newer }))).models).toMatchObject([{ context: 32768, source: "max_model_len" }]);
  });
});

describe("a LiteLLM proxy", () => {
  const list = { data: [{ id: "qwen" }, { id: "gpt" }, { id: "all-team-models" }] };
  const group = {
    ...{ model_group: "qwen", providers: ["hosted_vllm"], max_input_tokens: 40960, max_output_tokens: 8192, mode: "chat" },
    ...{ supports_vision: false, supports_function_calling: true },
  };

  it("tells its windows where it describes groups of models, and what they can do, but not what they cannot", async () => {
    const { models } = await ask("litellm", said({ "GET /v1/models": list, "GET /model_group/info": { data: [group] } }), {}, ["sk-good"]);
    expect(models).toEqual([
      {
        ...{ id: "qwen", context: 40960, maxOutput: 8192, tools: true },
        ...{ source: "max_input_tokens", sources: { maxOutput: "max_output_tokens" } },
      },
      { id: "gpt", source: "model list" },
    ]);
    expect(server?.requests.every(({ headers }) => headers.authorization === "Bearer sk-good")).toBe(true);
  });

  it("tells them by deployment where a key may not see the groups, of which the smallest counts", async () => {
    const deployments = [65536, 32768].map((max_input_tokens) => ({ model_name: "qwen", model_info: { id: "x", max_input_tokens } }));
    const { models, failure } = await ask("litellm", said({ "GET /v1/models": list, "GET /model/info": { data: deployments } }));
    expect([models[0], failure]).toEqual([{ id: "qwen", context: 32768, source: "model_info.max_input_tokens" }, undefined]);
  });

  it("lists its names where a key may see neither", async () => {
    const { models, failure } = await ask("litellm", said({ "GET /v1/models": list }));
    expect([models.map(({ id }) => id), failure]).toEqual([["qwen", "gpt"], undefined]);
  });

  it("is not asked a second time where it has no list", async () => {
    const { models, failure } = await ask("litellm", said({}));
    expect([models, failure?.kind]).toEqual([[], expect.any(String)]);
    expect(server?.requests.map(({ path }) => path)).not.toContain("/model/info");
  });
});

describe("an LM Studio", () => {
  const plain = { data: [{ id: "qwen3-8b", object: "model", owned_by: "organization_owner" }, { id: "text-embedding-nomic" }] };
  const older = {
    data: [
      { id: "qwen3-8b", type: "llm", state: "loaded", max_context_length: 40960, loaded_context_length: 8192, capabilities: ["tool_use"] },
      { id: "gemma-vl", type: "vlm", state: "not-loaded", max_context_length: 131072 },
      { id: "nomic", type: "embeddings", state: "not-loaded" },
    ],
  };
  const newest = {
    models: [
      {
        type: "llm",
        key: "qwen3-8b",
        size_bytes: 5_000_000_000,
        max_context_length: 40960,
        loaded_instances: [{ id: "qwen3-8b", config: { context_length: 16384 } }],
        capabilities: { vision: false, trained_for_tool_use: true },
      },
      { type: "embedding", key: "nomic", loaded_instances: [] },
    ],
  };

  it("tells the window with which a model is loaded, by its newest list", async () => {
    const { models } = await ask("lmstudio", said({ "GET /v1/models": plain, "GET /api/v0/models": older, "GET /api/v1/models": newest }));
    expect(models).toEqual([
      {
        id: "qwen3-8b",
        context: 16384,
        trainedContext: 40960,
        loaded: true,
        size: 5_000_000_000,
        tools: true,
        images: false,
        source: "/api/v1/models",
      },
    ]);
  });

  it("... by the older list", async () => {
    const { models } = await ask("lmstudio", said({ "GET /v1/models": plain, "GET /api/v0/models": older }));
    expect(models).toEqual([
      { id: "qwen3-8b", context: 8192, trainedContext: 40960, loaded: true, tools: true, images: false, source: "/api/v0/models" },
      { id: "gemma-vl", trainedContext: 131072, loaded: false, images: true, source: "/api/v0/models" },
    ]);
  });

  it("... or names only", async () => {
    const { models, failure } = await ask("lmstudio", said({ "GET /v1/models": plain }));
    expect(models).toEqual([{ id: "qwen3-8b", source: "model list" }]);
    expect(failure).toBeUndefined();
  });
});

describe("whatever a server is", () => {
  it.each(["ollama", "llamacpp", "lmstudio", "vllm", "sglang", "litellm", "openai-compatible", "anthropic"])(
    "%s: a refused connection is a failure",
    async (id) => {
      const row = rows[id] as Row;
      const address = { baseUrl: "http://127.0.0.1:9" };
      const { models, failure } = await discover(providerAt("http://127.0.0.1:9", { id, speaks: { chat: address } }, row), reach);
      expect(models).toEqual([]);
      expect(failure?.kind).toBe("unreachable");
    },
  );

  it.each(["ollama", "llamacpp", "lmstudio", "vllm", "sglang", "openai-compatible"])(
    "%s: hostile answers are read without harm",
    async (id) => {
      const bad: unknown[] = [
        "",
        "null",
        "[[[[",
        { data: "x" },
        { data: [null, 1, [], {}, { id: {} }, { id: "" }, { id: "a\u001b[31m" }] },
        { models: [{ name: 5 }] },
        [],
      ];
      for (const body of bad) {
        server = await startUpstream(answering(said(Object.fromEntries(paths.map((path) => [path, body])))));
        const { models } = await discover(providerAt(server.url, { id }, rows[id] as Row), reach, { models: ["m"] });
        expect(models).toEqual([]);
        await server.close();
        server = undefined;
      }
    },
  );

  it.each(["ollama", "llamacpp", "lmstudio", "vllm", "sglang", "openai-compatible"])(
    "%s: a page in the place of a list says nothing of what is there",
    async (id) => {
      server = await startUpstream((_request, response) => void response.end("<!doctype html>"));
      const { models, failure } = await discover(providerAt(server.url, { id }, rows[id] as Row), reach);
      expect([models, failure?.kind]).toEqual([[], "upstream"]);
    },
  );

  it("no secret shows in what a server says that it repeats", async () => {
    const keys = ["hunter2hunter2"];
    const headers = { authorization: "Token of-the-team" };
    for (const status of [401, 307]) {
      server = await startUpstream((_request, response) => {
        response.writeHead(status, { location: `/v1/${keys[0]}` }).end(`{ "error": { "message": "not ${keys[0]}, nor of-the-team" } }`);
      });
      const { failure } = await discover({ ...providerAt(server.url, { id: "x" }, rows["vllm"] as Row), keys, headers }, reach);
      expect(failure?.message).toContain("[redacted]");
      expect(failure?.message).not.toMatch(/hunter2|of-the-team/);
    }
  });

  it("a redirect is not followed and says where it led", async () => {
    server = await startUpstream((_request, response) => void response.writeHead(307, { location: "http://other.example/v1?k=s" }).end());
    const { failure } = await discover(providerAt(server.url, { id: "x" }, rows["openai-compatible"] as Row), reach);
    expect(failure).toMatchObject({ kind: "upstream", status: 307 });
    expect(failure?.message).toContain("redirects to http://other.example/v1 (307). Redirects are not followed");
  });

  it("a server that says nothing is waited for no longer than allowed", async () => {
    server = await startUpstream(() => {});
    const start = performance.now();
    const { failure } = await discover(providerAt(server.url, { id: "ollama" }, rows["ollama"] as Row), reach, { patience: 100 });
    expect(performance.now() - start).toBeLessThan(2000);
    expect(failure).toMatchObject({ kind: "timed-out", origin: "provider" });
    expect(failure?.message).toMatch(/^http:\S+\/api\/tags \(provider ollama, from \S+\) has not answered for 0\.1 s\.$/);
  });

  it("an endless answer is broken off", async () => {
    server = await startUpstream((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const fill = () => {
        while (!response.destroyed && response.write(" ".repeat(1 << 20)));
      };
      response.on("drain", fill);
      fill();
    });
    const { failure } = await discover(providerAt(server.url, { id: "x" }, rows["openai-compatible"] as Row), reach);
    expect(failure?.message).toContain("too long");
  }, 20_000);
});

const paths = [
  "/v1/models",
  "/props",
  "/api/tags",
  "/api/ps",
  "/api/version",
  "/api/v0/models",
  "/api/v1/models",
  "/version",
  "/get_server_info",
]
  .map((path) => `GET ${path}`)
  .concat("POST /api/show");
