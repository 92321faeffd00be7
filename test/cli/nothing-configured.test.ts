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

it.each([
  [
    { kind: "unauthorized", message: "Invalid API Key" } as const,
    "llamacpp: Invalid API Key (there is no key: `fcc keys set llamacpp` stores one)",
  ],
  [{ kind: "overloaded", message: "Loading model" } as const, "llamacpp: Loading model"],
])("a server that does not list its models: why not (%#)", (said, line) => {
  const { provider } = found("llamacpp", "http://127.0.0.1:8080", "m1");
  const discovery = { provider: "llamacpp", models: [], failure: { ...said, origin: "provider" } } as const;
  expect(refusalLines([{ provider, discovery }], [])[0]).toBe(
    `nothing is configured, and llama.cpp server does not say what models it has: ${line}`,
  );
});

it.each([
  ["ollama", undefined, "Fetch one with `ollama pull qwen3:8b`, choose a provider"],
  ["llamacpp", undefined, "Load a model there, choose a provider"],
  ["llamacpp", "overloaded", "Try again when it does, choose a provider"],
  ["llamacpp", "unauthorized", "Give it its key, choose a provider"],
] as const)("a server without a model to use: what to do there (%s, %s)", (id, kind, begin) => {
  const { provider } = found(id, "http://127.0.0.1:8080", "m1");
  const failure = kind === undefined ? undefined : ({ kind, message: "no", origin: "provider" } as const);
  expect(refusalLines([{ provider, discovery: { provider: id, models: [], ...(failure && { failure }) } }], [])[1]).toMatch(
    new RegExp(`^${begin}`),
  );
});

it("a server that a variable names and that does not answer is what is wrong, whatever might run elsewhere", () => {
  const { provider } = found("ollama", "http://gpu-box:11434", "m1");
  const message = "nothing answers at http://gpu-box:11434 (provider ollama, from OLLAMA_HOST): connection refused.\nStart it.";
  const silent = [
    { provider, discovery: { provider: "ollama", models: [], failure: { kind: "unreachable", message, origin: "provider" } } },
  ] as const;
  expect(refusalLines([], [], silent).slice(0, 2)).toEqual([
    "nothing is configured, and nothing answers at http://gpu-box:11434 (provider ollama, from OLLAMA_HOST): connection refused. Start it.",
    "Otherwise choose a provider with `fcc init`, or write what to use into .fccrc, and `fcc trust` it:",
  ]);
});
