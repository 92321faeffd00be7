import { describe, expect, it } from "vitest";
import { fitAbilities } from "../../../../src/cli/launch/settle/abilities.ts";
import type { Window } from "../../../../src/discover/window.ts";
import { rows } from "../../../../src/providers/index.ts";
import { profileOf, providerAt, targetOf } from "../../../support/provider.ts";
import { windowsOf } from "../../../support/windows.ts";

const target = targetOf(providerAt("http://127.0.0.1:1"), "m");
const windows = (window: Partial<Window>) => windowsOf(() => ({ source: "/props", certain: true, ...window }));

describe("what a model cannot do", () => {
  const model = { id: "m", source: "/props" };

  it("is said where its template has no tools", () => {
    const talks = windows({ model: { ...model, tools: false } });
    expect(fitAbilities(profileOf([target]), talks, 38_096).notices).toEqual([expect.stringMatching(/^box\/m cannot call tools/)]);
    expect(fitAbilities(profileOf([target]), talks, 0).notices).toEqual([]);
    expect(fitAbilities(profileOf([target]), windows({ model }), 38_096).notices).toEqual([]);
  });

  it.each([
    ["llamacpp", "box/m cannot call tools: its chat template has none, so the agent can only talk. Start llama-server with --jinja"],
    ["ollama", "box/m cannot call tools, and its server refuses each request that offers some. Choose a model that has them"],
    ["lmstudio", "box/m cannot call tools, by its server's own word."],
    // Its server is the launch's own, which nobody could start in another way.
    ["gguf", "box/m cannot call tools: the chat template in the file has none, so the agent can only talk. Choose a file"],
  ] as const)("is said by what its server does then: %s", (id, said) => {
    const there = targetOf(providerAt("http://127.0.0.1:1", {}, rows[id]), "m");
    const { notices } = fitAbilities(profileOf([there]), windows({ model: { ...model, tools: false } }), 38_096);
    expect(notices).toEqual([expect.stringContaining(said)]);
  });

  it("is kept from it where it sees no images, unless the configuration says otherwise", () => {
    const blind = windows({ model: { ...model, images: false } });
    expect(fitAbilities(profileOf([target]), blind, 0).profile.main[0].quirks.images).toBe(false);
    const told = { ...target, quirks: { images: true } };
    expect(fitAbilities(profileOf([told]), blind, 0).profile.main[0].quirks.images).toBe(true);
  });
});
