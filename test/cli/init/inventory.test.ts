import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { takeInventory } from "../../../src/cli/init/inventory.ts";
import type { Reach } from "../../../src/reach/reach.ts";
import { userFile, world } from "../../config/world.ts";

/** A machine with these servers, by port, and what each answers by path. */
function machine(servers: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Reach {
  const send = async ({ url }: { readonly url: string }) => {
    const { hostname, port, pathname } = new URL(url);
    const answers = ["127.0.0.1", "localhost"].includes(hostname) ? servers[port] : undefined;
    if (answers === undefined) return { failure: { kind: "unreachable", message: "nothing answers", origin: "provider" } };
    return { status: 200, headers: {}, body: Readable.from([Buffer.from(JSON.stringify(answers[pathname] ?? {}))]) };
  };
  return { send } as unknown as Reach;
}

const ollama = {
  "/v1/models": { object: "list", data: [{ id: "qwen3:8b", object: "model", owned_by: "library" }] },
  "/api/tags": { models: [{ name: "qwen3:8b", model: "qwen3:8b" }] },
};

it.each([
  ["a file", "http://127.0.0.1:11434", {}],
  ["a file, by this machine's name", "http://localhost:11434", {}],
  ["a file and by OLLAMA_HOST", "http://127.0.0.1:11434", { OLLAMA_HOST: "127.0.0.1:11434" }],
  ["a file and by OLLAMA_HOST, one of them by this machine's name", "http://localhost:11434", { OLLAMA_HOST: "127.0.0.1:11434" }],
])("a server that is named by %s counts once", async (_how, baseUrl, env) => {
  const there = world({ [userFile]: `providers: { box: { extends: ollama, baseUrl: "${baseUrl}" } }\n` });
  const configuration = await there.loaded({ env });
  const { servers } = await takeInventory(configuration, there.project, env, machine({ "11434": ollama }));
  expect(servers.map(({ provider }) => provider.id)).toEqual(["box"]);
});

it("a server without a model stands behind those that have one", async () => {
  const vllm = { "/v1/models": { object: "list", data: [{ id: "Qwen/Qwen3-8B", owned_by: "vllm", max_model_len: 65_536 }] } };
  const empty = { "/v1/models": { object: "list", data: null }, "/api/tags": { models: [] } };
  const there = world();
  const { servers } = await takeInventory(await there.loaded(), there.project, {}, machine({ "8000": vllm, "11434": empty }));
  expect(servers.map(({ provider }) => provider.id)).toEqual(["vllm", "ollama"]);
});
