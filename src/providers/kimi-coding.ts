import { thinkingOnAndOff } from "./kimi.ts";
import type { Row } from "./row.ts";

/** The membership for coding agents. It admits agents by their user-agent, so that Messages, which carries the client's own, goes first. */
export const kimiCoding: Row = {
  id: "kimi-coding",
  name: "Kimi for Coding",
  kind: "cloud",
  speaks: {
    chat: { baseUrl: "https://api.kimi.com/coding/v1" },
    messages: { baseUrl: "https://api.kimi.com/coding" },
  },
  key: { env: ["KIMI_API_KEY"] },
  quirks: {
    toolSchema: "moonshot",
    forcedTools: "auto",
    efforts: ["low", "high", "max"],
    reasoningField: "reasoning_content",
    reasoningTurns: "all",
    noReasoning: " ",
    betas: "none",
  },
  modelQuirks: { "kimi-for-coding-highspeed": thinkingOnAndOff },
  // Its list has windows, but no output limits.
  limits: { k3: { maxOutput: 131_072 }, "kimi-for-coding": { maxOutput: 32_768 } },
  docs: "https://www.kimi.com/code/docs",
  unchecked: true,
};
