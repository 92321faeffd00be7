import type { Row } from "./row.ts";

export const nvidia: Row = {
  id: "nvidia",
  name: "NVIDIA NIM (build.nvidia.com)",
  kind: "cloud",
  speaks: { chat: { baseUrl: "https://integrate.api.nvidia.com/v1" } },
  key: { env: ["NVIDIA_API_KEY", "NVIDIA_NIM_API_KEY", "NIM_API_KEY"] },
  // Slow models are otherwise cut off while they wait in the queue.
  headers: { "nvcf-poll-seconds": "3600" },
  quirks: {
    // Boolean sub-schemas break the grammar of the tool parser.
    toolSchema: "plain",
    // free-claude-code renames an argument called so for it; agents have met a 500 "unhashable type: 'dict'" there (anomalyco/opencode#26405).
    propertyNames: "no-type",
    // reasoning_effort is not taken in general, and some models refuse chat_template_kwargs too.
    reasoningRequest: "none",
  },
  modelQuirks: {
    "deepseek-ai/deepseek-v4": { reasoningRequest: "thinking", efforts: ["none", "high", "max"] },
    // Thinking is on or off.
    "deepseek-ai/deepseek-v4.1-flash": { efforts: ["none", "high"], refusedFields: ["reasoning_effort"] },
  },
  // Its list has neither windows nor limits.
  limits: {
    "z-ai/glm-5.3-flash": { context: 1_000_000, maxOutput: 131_072 },
    "deepseek-ai/deepseek-v4.1-flash": { context: 1_000_000, maxOutput: 384_000 },
    "nvidia/nemotron-3-ultra-550b-a55b": { context: 1_000_000, maxOutput: 65_536 },
    "nvidia/nemotron-3.5-super-vl-120b-a12b": { context: 1_048_576, maxOutput: 8_192 },
  },
  docs: "https://docs.api.nvidia.com",
  unchecked: true,
};
