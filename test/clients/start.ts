import type { ClientModel, Start } from "../../src/clients/client.ts";

export const model = (wireId: string, label: string, more: Partial<ClientModel> = {}): ClientModel => ({
  wireId,
  label,
  context: 65_536,
  ...more,
});

/** A launch on one model for everything, with what a test changes over it. */
export function startOf(change: Partial<Start> = {}): Start {
  const label = "ollama/qwen3:8b";
  return {
    proxy: { url: "http://127.0.0.1:5555", token: "secret-token" },
    models: {
      main: model("main:qwen3:8b", label),
      tiers: {
        opus: model("opus:qwen3:8b", label),
        sonnet: model("sonnet:qwen3:8b", label),
        haiku: model("haiku:small", "ollama/small"),
        fable: model("fable:qwen3:8b", label),
      },
    },
    args: [],
    extra: { args: [], env: {} },
    env: { HOME: "/home/user" },
    folder: "/private",
    read: () => undefined,
    bounded: false,
    ...change,
  };
}
