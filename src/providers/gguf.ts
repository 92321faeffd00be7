import { llamacpp } from "./llamacpp.ts";
import type { Row } from "./row.ts";

/** A file with a model in it: the launch starts llama-server on it, with a key and an address of its own. */
export const gguf: Row = {
  id: "gguf",
  name: "model file",
  kind: "local",
  servesFiles: true,
  speaks: {
    chat: { baseUrl: "http://127.0.0.1:1/v1" },
    messages: { baseUrl: "http://127.0.0.1:1" },
    responses: { baseUrl: "http://127.0.0.1:1/v1" },
  },
  better: llamacpp.better,
  quirks: llamacpp.quirks,
  modelQuirks: llamacpp.modelQuirks,
  discover: "llamacpp",
  keepsPrompts: true,
  withoutTools: ": the chat template in the file has none, so the agent can only talk. Choose a file of a model that has them.",
  docs: llamacpp.docs,
};
