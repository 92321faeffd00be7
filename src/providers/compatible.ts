import type { Row } from "./row.ts";

/** Any server that a configuration describes by an address and a wire alone. */
export const compatible: Row = {
  id: "openai-compatible",
  name: "OpenAI-compatible server",
  // Nothing is known of where it stands; the address decides.
  kind: "cloud",
  speaks: {},
  quirks: {
    // Servers that know no effort ignore the field or refuse it, and a refused field is left out from then on.
    efforts: ["none", "low", "medium", "high"],
    // Gateways before Bedrock and the like refuse calls in the history without tools; no server refuses tools that may not be called.
    toolsForHistory: true,
    // Asked once; a server that has no such endpoint says so.
    countsTokens: true,
  },
  discover: "openai",
  docs: "https://platform.openai.com/docs/api-reference/chat",
};
