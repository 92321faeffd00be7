import { thinkingOnAndOff } from "./kimi.ts";
import type { Row } from "./row.ts";

/**
 * Its chat endpoint takes a request only from agents of a list of its own, by their user-agent: to all others it answers 403. Messages is open to
 * any client (kodustech/kodus-ai#1257).
 */
const gated = { wire: "messages", reason: "its chat endpoint refuses clients that are not on its list of coding agents" } as const;

/** The membership for coding agents. */
export const kimiCoding: Row = {
  id: "kimi-coding",
  name: "Kimi for Coding",
  kind: "cloud",
  speaks: {
    chat: { baseUrl: "https://api.kimi.com/coding/v1" },
    messages: { baseUrl: "https://api.kimi.com/coding" },
  },
  better: { chat: gated, responses: gated },
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
