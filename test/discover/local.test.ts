import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { discoverLocal } from "../../src/discover/index.ts";
import type { Row } from "../../src/providers/row.ts";
import { createReach, type Reach } from "../../src/reach/reach.ts";
import { providerAt } from "../support/provider.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";
import { type Answers, answering, recorded, said } from "./recorded.ts";

let reach: Reach;
const servers: Upstream[] = [];
beforeAll(() => {
  reach = createReach({ env: {} });
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
afterAll(() => reach.close());

const makeProvider = (row: Row, root: string) => providerAt(root, { id: row.id, keys: ["secret"], headers: { "x-tenant": "secret" } }, row);

async function find(places: readonly (readonly [usually: string, answers: Answers | "silent" | "closed"])[]) {
  const addresses = await Promise.all(
    places.map(async ([usually, answers]) => {
      if (answers === "closed") return { url: "http://127.0.0.1:9", usually };
      const server = await startUpstream(answers === "silent" ? () => {} : answering(answers));
      servers.push(server);
      return { url: server.url, usually };
    }),
  );
  const found = await discoverLocal(reach, makeProvider, { addresses, patience: 1000 });
  return found.map(({ provider, discovery }) => [provider.id, discovery.models.map(({ id }) => id), discovery.failure?.kind]);
}

describe("the servers on this machine", () => {
  it("are found at their ports, all at once, and what is not there is left out", async () => {
    const start = performance.now();
    const found = await find([
      ["ollama", recorded("ollama")],
      ["llamacpp", recorded("llamacpp")],
      ["vllm", recorded("vllm")],
      ["lmstudio", "closed"],
      ["sglang", "silent"],
    ]);
    expect(found).toEqual([
      ["ollama", ["smollm2-tools", "smollm2-plain", "smollm2"], undefined],
      ["llamacpp", ["smollm2"], undefined],
      ["vllm", ["tiny"], undefined],
    ]);
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it("are what they say, not what is usual at their port", async () => {
    const sglang = said({ "GET /v1/models": { data: [{ id: "q", owned_by: "sglang", max_model_len: 9 }] } });
    const other = said({ "GET /v1/models": { data: [{ id: "some", owned_by: "me" }] } });
    const found = await find([
      ["vllm", recorded("llamacpp")],
      ["llamacpp", recorded("vllm")],
      ["vllm", sglang],
      ["llamacpp", other],
    ]);
    expect(found.map(([id]) => id)).toEqual(["llamacpp", "vllm", "sglang", "openai-compatible"]);
  });

  it("are none where something else has the port", async () => {
    const page = { "GET /v1/models": { body: "<html>a web page</html>" } };
    const refuses = { "GET /v1/models": { status: 401, body: { error: "who are you" } } };
    expect(
      await find([
        ["llamacpp", page],
        ["vllm", refuses],
        ["llamacpp", {}],
      ]),
    ).toEqual([]);
  });

  it("are found while they load and where they ask for a key", async () => {
    expect(await find([["llamacpp", recorded("llamacpp-loading")]])).toEqual([["llamacpp", [], "overloaded"]]);
    expect(await find([["llamacpp", recorded("llamacpp-no-key")]])).toEqual([["llamacpp", [], "unauthorized"]]);
  });

  it.each([
    ["an empty one", []],
    ["null, as Ollama has it", null],
  ])("are found without a single model, where the list is %s", async (_what, data) => {
    const empty = said({ "GET /v1/models": { object: "list", data }, "GET /api/tags": { models: [] } });
    expect(await find([["ollama", empty]])).toEqual([["ollama", [], undefined]]);
  });

  it.each([
    ["ollama", "of other people than Ollama's own", "hf.co/bartowski/Qwen3-8B-GGUF:Q4_K_M", "bartowski"],
    ["ollama", "of somebody at Ollama's library", "alice/coder:7b", "alice"],
    ["openai-compatible", "of a gateway, whose names have no tag", "openai/gpt-oss-20b", "openai"],
    ["openai-compatible", "of a gateway that owns them all", "alice/coder:7b", "gateway"],
  ])("is %s at a port where nothing is usual, with models %s", async (row, _what, id, owner) => {
    const tags = { models: [{ name: id }] };
    const server = said({ "GET /v1/models": { object: "list", data: [{ id, owned_by: owner }] }, "GET /api/tags": tags });
    expect(await find([["vllm", server]])).toEqual([[row, [id], undefined]]);
  });

  it("do not get a key or a header before they are known", async () => {
    await find([["llamacpp", { "GET /v1/models": { body: "hello" } }]]);
    const [stranger] = servers;
    expect(stranger?.requests).toHaveLength(1);
    expect(JSON.stringify(stranger?.requests[0]?.headers)).not.toContain("secret");
  });
});
