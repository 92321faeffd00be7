import { describe, expect, it } from "vitest";
import { type Ask, type Subject, toolChecks, turnChecks } from "../../src/doctor/index.ts";
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
