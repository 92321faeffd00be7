import { describe, expect, it } from "vitest";
import type { Inventory } from "../../../src/cli/init/inventory.ts";
import { selectByOptions } from "../../../src/cli/init/options.ts";
import { providerAt } from "../../../src/cli/provider-at.ts";
import { shellWord } from "../../../src/config/index.ts";
import type { Found } from "../../../src/discover/index.ts";
import { llamacpp } from "../../../src/providers/llamacpp.ts";
import { ollama } from "../../../src/providers/ollama.ts";
import type { Row } from "../../../src/providers/row.ts";
import { vllm } from "../../../src/providers/vllm.ts";
import type { Reach } from "../../../src/reach/reach.ts";
import { world } from "../../config/world.ts";

it("a server of another user, which is not taken by itself, is told without a terminal too", async () => {
  const strangers = ["Ollama at http://127.0.0.1:11434 is another user's: name it to use it."];
  const inventory = { servers: [], absent: strangers, keyed: [], clients: [], adoptable: [] };
  const selected = await selectByOptions({ options: {}, configuration: await world().loaded(), inventory, reach: {} as Reach });
  expect(selected).toMatchObject({ refusal: { lines: expect.arrayContaining(strangers) } });
});

it("what there is to choose from is listed without a terminal, each with the options that choose it", async () => {
  const found = (row: Row, address: string, model?: string): Found => ({
    provider: providerAt(row, address, {}),
    discovery: { provider: row.id, models: model === undefined ? [] : [{ id: model, source: "/v1/models" }] },
  });
  const inventory: Inventory = {
    servers: [
      found(ollama, "http://127.0.0.1:11434", "qwen3:8b"),
      found(vllm, "http://127.0.0.1:8000", "Qwen/Qwen3-8B"),
      found(vllm, "http://127.0.0.1:8001"),
      found(llamacpp, "http://127.0.0.1:8080", "/models/My Qwen.gguf"),
    ],
    absent: [],
    keyed: [{ id: "zai", name: "Z.ai", from: "ZAI_API_KEY" }],
    clients: [],
    adoptable: [{ id: "environment", label: "~/.claude/settings.json", models: {}, providers: {}, keys: {}, notices: [] }],
  };
  const selected = await selectByOptions({ options: {}, configuration: await world().loaded(), inventory, reach: {} as Reach });
  expect("refusal" in selected && selected.refusal.lines.slice(2)).toEqual([
    "  fcc init --yes --base-url http://127.0.0.1:11434 --model qwen3:8b  (Ollama)",
    "  fcc init --yes --base-url http://127.0.0.1:8000 --model Qwen/Qwen3-8B  (vLLM)",
    "  fcc init --yes --base-url http://127.0.0.1:8001 --model <name>  (vLLM)",
    `  fcc init --yes --base-url http://127.0.0.1:8080 --model ${shellWord("/models/My Qwen.gguf")}  (llama.cpp server)`,
    "  fcc init --yes --from environment  (what stands in ~/.claude/settings.json)",
    "  fcc init --yes --provider zai --model <name>  (Z.ai, with the key in ZAI_API_KEY)",
  ]);
});

describe("where one server answers, --model alone", () => {
  const models = ["Qwen/Qwen3-8B", "openai/gpt-oss-20b"].map((id) => ({ id, source: "/v1/models" }));
  const server: Found = { provider: providerAt(vllm, "http://127.0.0.1:8000", {}), discovery: { provider: "vllm", models } };
  const select = async (model?: string, servers: readonly Found[] = [server]) => {
    const inventory = { servers, absent: [], keyed: [], clients: [], adoptable: [] };
    return selectByOptions({
      options: model === undefined ? {} : { model },
      configuration: await world().loaded(),
      inventory,
      reach: {} as Reach,
    });
  };

  it.each([
    ["its model", "qwen3", "vllm/qwen3"],
    ["its model, in whose name a slash is", "Qwen/Qwen3-8B", "vllm/Qwen/Qwen3-8B"],
    ["its model, whose name begins as a provider's that has no key here", "openai/gpt-oss-20b", "vllm/openai/gpt-oss-20b"],
    ["its model behind its name", "vllm/Qwen/Qwen3-8B", "vllm/Qwen/Qwen3-8B"],
  ])("is %s", async (_what, model, target) => {
    expect(await select(model)).toMatchObject({ name: "vllm", models: { model: [target] } });
  });

  it.each([
    ["a provider whose key is missing", "openai/gpt-6", "no key for openai"],
    ["a provider that is misspelt", "vlm/Qwen/Qwen3-8B", 'Did you mean "vllm"?'],
  ])("names %s", async (_what, model, line) => {
    expect(await select(model)).toMatchObject({ refusal: { lines: [expect.stringContaining(line)] } });
  });

  it("names nothing where that server has no model: how it gets one is said", async () => {
    const empty: Found = { provider: providerAt(ollama, "http://127.0.0.1:11434", {}), discovery: { provider: "ollama", models: [] } };
    expect(await select(undefined, [empty])).toMatchObject({
      refusal: {
        lines: ["Ollama at http://127.0.0.1:11434 has no model yet. Fetch one with `ollama pull qwen3:8b`, then run `fcc init` again."],
      },
    });
  });

  it("is chosen though another, which has no model, answers too", async () => {
    const empty: Found = { provider: providerAt(ollama, "http://127.0.0.1:11434", {}), discovery: { provider: "ollama", models: [] } };
    expect(await select(undefined, [empty, server])).toMatchObject({ name: "vllm" });
    expect(await select(undefined, [empty, empty])).toMatchObject({ refusal: { lines: expect.anything() } });
  });

  it("says nothing where none answers", async () => {
    expect(await select("qwen3", [])).toMatchObject({
      refusal: { lines: expect.arrayContaining(["no model server answers on this machine."]) },
    });
  });
});
