import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { takeInventory } from "../../../src/cli/init/inventory.ts";
import type { Reach } from "../../../src/reach/reach.ts";
import { userFile, world } from "../../config/world.ts";

/** An Ollama at its usual port, and nothing else on this machine. */
const ollama: Pick<Reach, "send"> = {
  async send({ url }) {
    const { hostname, port, pathname } = new URL(url);
    if (port !== "11434" || !["127.0.0.1", "localhost"].includes(hostname))
      return { failure: { kind: "unreachable", message: "nothing answers", origin: "provider" } };
    const answers: Readonly<Record<string, unknown>> = {
      "/v1/models": { object: "list", data: [{ id: "qwen3:8b", object: "model", owned_by: "library" }] },
      "/api/tags": { models: [{ name: "qwen3:8b", model: "qwen3:8b" }] },
    };
    const answer = answers[pathname] ?? {};
    return { status: 200, headers: {}, body: Readable.from([Buffer.from(JSON.stringify(answer))]) };
  },
};

it.each([
  ["a file", "http://127.0.0.1:11434", {}],
  ["a file, by this machine's name", "http://localhost:11434", {}],
  ["a file and by OLLAMA_HOST", "http://127.0.0.1:11434", { OLLAMA_HOST: "127.0.0.1:11434" }],
  ["a file and by OLLAMA_HOST, one of them by this machine's name", "http://localhost:11434", { OLLAMA_HOST: "127.0.0.1:11434" }],
])("a server that is named by %s counts once", async (_how, baseUrl, env) => {
  const there = world({ [userFile]: `providers: { box: { extends: ollama, baseUrl: "${baseUrl}" } }\n` });
  const configuration = await there.loaded({ env });
  const { servers } = await takeInventory(configuration, there.project, env, ollama as Reach);
  expect(servers.map(({ provider }) => provider.id)).toEqual(["box"]);
});
