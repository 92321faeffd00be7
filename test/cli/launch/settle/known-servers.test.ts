import { expect, it } from "vitest";
import { noteKnownServers } from "../../../../src/cli/launch/settle/known-servers.ts";
import type { Window } from "../../../../src/discover/window.ts";
import { rows } from "../../../../src/providers/index.ts";
import { profileOf, providerAt, targetOf } from "../../../support/provider.ts";
import { windowsOf } from "../../../support/windows.ts";

const plain = targetOf(providerAt("http://127.0.0.1:1", {}, rows["openai-compatible"]), "m");
const named = targetOf(providerAt("http://127.0.0.1:1", {}, rows["ollama"]), "m");
const windows = (row: string | undefined, window: Partial<Window> = {}) =>
  windowsOf(() => ({
    source: "model list",
    certain: false,
    discovery: { provider: "box", models: [], ...(row !== undefined && { row }) },
    ...window,
  }));

it("of a server that is configured by its address alone it is said once what it is, and how that is written", () => {
  const { notices } = noteKnownServers(profileOf([plain, { ...plain, model: "other" }]), windows("ollama"));
  expect(notices).toEqual([
    expect.stringMatching(/^box \(.*\) is Ollama: written as `box: \{ extends: ollama, baseUrl: "http:\/\/127\.0\.0\.1:1" \}`, its window/),
  ]);
});

it.each([
  ["that does not say what it is", plain, windows(undefined)],
  ["whose window is known all the same", plain, windows("ollama", { context: 65_536 })],
  ["that is configured as what it is", named, windows("ollama")],
])("nothing is said of one %s", (_what, target, said) => {
  expect(noteKnownServers(profileOf([target]), said).notices).toEqual([]);
});
