import { describe, expect, it } from "vitest";
import { beginsOn } from "../../../../src/cli/launch/servers.ts";
import { checkModels } from "../../../../src/cli/launch/settle/models-there.ts";
import type { DiscoveredModel } from "../../../../src/discover/index.ts";
import { rows } from "../../../../src/providers/index.ts";
import { profileOf, providerAt, targetOf } from "../../../support/provider.ts";
import { windowsOf } from "../../../support/windows.ts";

/** The models that a server has. */
const having = (models: readonly DiscoveredModel[]) =>
  windowsOf((target) => {
    const model = models.find(({ id }) => id === target.model);
    return { source: "", certain: true, discovery: { provider: target.provider.id, models }, ...(model && { model }) };
  });

const at = (id: string, model: string) =>
  targetOf(providerAt("http://127.0.0.1:9", { id, row: rows[id] ?? rows["ollama"] ?? never() }), model);
const never = () => {
  throw new Error("no such row");
};
const a: DiscoveredModel = { id: "a", source: "", tools: true };

describe("a model that is not there", () => {
  it.each<[id: string, code: number | undefined]>([
    ["ollama", 1],
    ["vllm", 1],
    ["llamacpp", undefined],
    ["lmstudio", undefined],
    ["openrouter", undefined],
  ])("at %s ends the launch only where the list is whole and the name counts", (id, code) => {
    expect(checkModels(profileOf([at(id, "b")]), having([a])).refusal?.exitCode).toBe(code);
  });

  it("is one line where an alternative is there, or it is a tier's", () => {
    expect(checkModels(profileOf([at("ollama", "b"), at("ollama", "a")]), having([a]))).toEqual({
      notices: [expect.stringContaining('there is no model "b"')],
    });
  });

  it("ends the launch where its only alternatives are down, and names each that is missing", () => {
    const [gone, other, dead] = [at("ollama", "b"), at("vllm", "b"), at("lmstudio", "b")] as const;
    const { of } = having([a]);
    const failure = { kind: "unreachable", origin: "fcc", message: "" } as const;
    const down = { source: "", certain: false, discovery: { provider: "lmstudio", models: [], failure } };
    const some = windowsOf((target) => (target === dead ? down : of(target)));
    expect(checkModels(profileOf([dead, gone, other]), some).refusal?.lines).toEqual([
      expect.stringContaining("(provider ollama,"),
      "Fetch it with `ollama pull b`, or choose one of: a",
      expect.stringContaining("(provider vllm,"),
      "Choose one of: a",
    ]);
  });

  it("is not what a session begins on", () => {
    const [gone, there] = [at("ollama", "b"), at("ollama", "a")] as const;
    expect(beginsOn([gone, there], having([a]))).toBe(there);
    expect(beginsOn([gone], having([a]))).toBe(gone);
  });

  it("is no news at a server of which nothing but its address is known: its list need not be whole", () => {
    expect(checkModels(profileOf([at("openai-compatible", "b")]), having([a]))).toEqual({ notices: [] });
  });

  it("is not to be told of models that run elsewhere", () => {
    expect(checkModels(profileOf([at("ollama", "glm-5:cloud")]), having([a]))).toEqual({ notices: [] });
  });
});
