import { describe, expect, it } from "vitest";
import { quirksOf, rows } from "../../src/providers/index.ts";
import type { Row } from "../../src/providers/row.ts";
import { strictServers } from "./refusals/servers.ts";
import { drive } from "./refusals/session.ts";

const cases = Object.entries(strictServers).flatMap(([id, servers]) => servers.map((server) => [id, server.model, server] as const));

describe("a session of Claude Code with a server that enforces what its provider documents", () => {
  it("is written for every row that speaks chat", () => {
    const chat = Object.values(rows).filter((row) => row.speaks.chat || row.id === "openai-compatible");
    expect(Object.keys(strictServers).sort()).toEqual(
      chat
        .filter(({ retired }) => retired === undefined)
        .map(({ id }) => id)
        .sort(),
    );
  });

  it.each(cases)("%s/%s: nothing is refused", (id, model, server) => {
    const { refused } = drive(server, quirksOf(rows[id] as Row, model), id);
    expect(refused).toEqual([]);
  });

  it("would be refused without the quirks, but by those that take what any compatible server takes", () => {
    const careless = cases.filter(([, , server]) => drive(server, {}).refused.length === 0).map(([id, model]) => `${id}/${model}`);
    expect(careless).toEqual(tolerant);
  });
});

const tolerant: readonly string[] = [
  "vllm/qwen3",
  "sglang/qwen3",
  "openrouter/z-ai/glm-5.3",
  "bedrock/openai.gpt-oss-120b",
  "opencode/glm-5.3",
  "wafer/GLM-5.3",
  "fireworks/accounts/fireworks/models/glm-5p3",
  "together/zai-org/GLM-5.3",
  "siliconflow/zai-org/GLM-5.3",
  "huggingface/zai-org/GLM-5.3",
  "dashscope/qwen3.8-max",
  "vercel/moonshotai/kimi-k3.1-pro",
  "demo/demo",
  "openai-compatible/anything",
];
