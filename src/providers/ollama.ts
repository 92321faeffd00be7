import type { Row } from "./row.ts";

export const ollama = {
  id: "ollama",
  name: "Ollama",
  kind: "local",
  speaks: {
    chat: { baseUrl: "http://127.0.0.1:11434/v1" },
    messages: { baseUrl: "http://127.0.0.1:11434" },
    responses: { baseUrl: "http://127.0.0.1:11434/v1" },
  },
  better: {
    messages: {
      wire: "chat",
      reason:
        "its Messages endpoint does not tell a stop sequence, guesses the input tokens at the start, and answers content null where a tool call was cut",
    },
    responses: {
      wire: "chat",
      reason: "its Responses endpoint refuses tool results in parts and shows custom and hosted tools to the model as functions",
    },
  },
  ownApi: ["/api"],
  // Any value is accepted; a key is for a server behind a gateway.
  key: { env: ["OLLAMA_API_KEY"], optional: true },
  baseUrlEnv: "OLLAMA_HOST",
  quirks: {
    topK: true,
    // "Only base64 images are supported".
    imageUrls: false,
    // It knows no such part, and passes over such a block.
    documents: "placeholder",
    // Tool definitions are read into typed structures: a boolean in the place of a schema is refused.
    toolSchema: "plain",
    // tool_choice is read by no route.
    forcedTools: "auto",
    efforts: ["none", "low", "medium", "high", "max"],
    reasoningField: "reasoning",
    reasoningTurns: "present",
    // There is no count_tokens route: 404.
    countsTokens: false,
    // The oldest turns of a prompt over the window are dropped without a word, on every wire. What a part says beside its text is not read, and does
    // harm: a list of texts becomes a message for each, of which a result's knows no tool any more, a turn that only declines (`refusal`) is a 400,
    // and a tool of free text is shown as a function without arguments.
    nativeFaults: ["stop-sequences", "silent-truncation", "unknown-parts"],
  },
  discover: "ollama",
  list: "exact",
  // `:cloud` models run at ollama.com.
  forwards: { when: "cloud-models" },
  start: "ollama serve",
  largerWindow: "OLLAMA_CONTEXT_LENGTH=65536 ollama serve",
  withoutTools: ", and its server refuses each request that offers some. Choose a model that has them: `fcc models` shows which.",
  fetch: "ollama pull",
  docs: "https://docs.ollama.com",
} satisfies Row;
