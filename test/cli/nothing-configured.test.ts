import { expect, it } from "vitest";
import { refusalLines } from "../../src/cli/nothing-configured.ts";
import { providerAt } from "../../src/cli/provider-at.ts";
import { rows } from "../../src/providers/index.ts";
import type { Row } from "../../src/providers/row.ts";
import { projectFile, world } from "../config/world.ts";

const found = (id: string, root: string, model: string) => ({ provider: providerAt(rows[id] as Row, root, {}), model: { id: model } });

it("several servers: one that its row leads to can be named, any other with what has to be written of it", async () => {
  const ollama = found("ollama", "http://127.0.0.1:11434", "qwen3:8b");
  const stranger = found("openai-compatible", "http://127.0.0.1:8000", "m1");
  const lines = refusalLines([], [stranger, ollama]);
  expect(lines).toContain("  Ollama at http://127.0.0.1:11434, for instance ollama/qwen3:8b");
  expect(lines.join("\n")).toContain('local-8000/m1 with `local-8000: { baseUrl: "http://127.0.0.1:8000" }` among the providers');
  expect(lines.join("\n")).toContain("--model ollama/qwen3:8b");
});

it.each([
  [found("openai-compatible", "http://127.0.0.1:8000", "m1"), "http://127.0.0.1:8000/v1"],
  [found("llamacpp", "http://127.0.0.1:9931", "m1"), "http://127.0.0.1:9931/v1"],
  [found("llamacpp", "http://127.0.0.1:8080", "m1"), "http://127.0.0.1:8080/v1"],
])("what is to be written leads there (%#)", async (one, address) => {
  const lines = refusalLines([], [one, found("openai-compatible", "http://127.0.0.1:30000", "m2")]);
  const file = lines.slice(lines.findIndex((line) => line.endsWith("into .fccrc, and `fcc trust` it:")) + 1).join("\n");
  const { profile } = await world({ [projectFile]: file }).profile();
  expect(profile.main[0].provider.speaks.chat?.baseUrl).toBe(address);
  expect(profile.main[0].model).toBe("m1");
});

it("a server that wants a key is not said to have no model", () => {
  const failure = { kind: "unauthorized", message: "Invalid API Key", origin: "provider" } as const;
  const refused = (env: Readonly<Record<string, string>>) => {
    const provider = providerAt(rows["llamacpp"] as Row, "http://127.0.0.1:8080", env);
    return refusalLines([{ provider, discovery: { provider: "llamacpp", models: [], failure } }], [])[0];
  };
  expect(refused({})).toBe("nothing is configured, and llama.cpp server at http://127.0.0.1:8080 wants a key: `fcc init` asks for it.");
  expect(refused({ LLAMA_API_KEY: "sk-old" })).toMatch(/ refuses the key of LLAMA_API_KEY\.$/);
});
