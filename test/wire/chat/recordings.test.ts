import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Failure } from "../../../src/model/failure.ts";
import { readFailure } from "../../../src/wire/failure.ts";
import { accepted } from "./accepting.ts";
import { fold, open, readPieces, type Story } from "./reading.ts";

const folder = join(import.meta.dirname, "../../recordings/chat");
const load = (name: string): string => readFileSync(join(folder, name), "utf8");

const streams: [string, Story][] = [
  [
    "llamacpp/stream.sse",
    { parts: ["text:Hello there, welcome to my"], stop: { reason: "max-output" }, usage: { input: 33, output: 6, cacheRead: 32 } },
  ],
  [
    "llamacpp/stream-usage.sse",
    { parts: ["text:Hello there, welcome"], stop: { reason: "max-output" }, usage: { input: 33, output: 4, cacheRead: 32 } },
  ],
  [
    "llamacpp-parrot/auto-stream.sse",
    {
      parts: ['tool:cesJg21rWA7OCJWalAfFLQy8wKEhfA3g:get_weather:{"city": "README.md"}'],
      stop: { reason: "tool-use" },
      usage: { input: 370, output: 34, cacheRead: 369 },
    },
  ],
  ["ollama/stream-usage.sse", { parts: ["text:Hello there, welcome"], stop: { reason: "max-output" }, usage: { input: 12, output: 4 } }],
  [
    "ollama/tools-required-stream.sse",
    { parts: ['tool:call_xn92wi6a:get_weather:{"city":"README.md"}'], stop: { reason: "tool-use" }, usage: { input: 256, output: 34 } },
  ],
  // The second call, which vLLM makes up where the limit cuts, does not run.
  [
    "vllm/tools-required-stream.sse",
    { parts: ["tool:chatcmpl-tool-87a199c914c5f6c8:get_weather:false"], stop: { reason: "max-output" }, usage: { input: 359, output: 80 } },
  ],
];

describe("streams of real servers", () => {
  it.each(streams)("%s, whole and byte by byte", (name, story) => {
    const bytes = new TextEncoder().encode(load(name));
    expect(fold(readPieces([bytes]))).toEqual(story);
    expect(fold(readPieces(Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))))).toEqual(story);
  });
});

describe("whole replies of real servers", () => {
  it.each<[string, Partial<Story>]>([
    ["llamacpp/nonstream.json", { stop: { reason: "max-output" } }],
    ["llamacpp/stop-seq.json", { parts: ["text:Hello there, welcome to my world! I'm here to help w"], stop: { reason: "end" } }],
    ["llamacpp/ctx-full-in-generation.json", { stop: { reason: "max-output" }, usage: { input: 45, output: 467, cacheRead: 0 } }],
    [
      "llamacpp-parrot/auto.json",
      { parts: ['tool:kawYnJudwkZgS4Xdhx45bv13nsFZijrY:get_weather:{"city": "README.md"}'], stop: { reason: "tool-use" } },
    ],
    ["llamacpp-parrot/cut-in-tool.json", { parts: ['text:<tool_call>\n{"name":'], stop: { reason: "max-output" } }],
    ["ollama/nonstream.json", { usage: { input: 12, output: 24 } }],
    ["vllm/nonstream.json", { stop: { reason: "max-output" } }],
    ["vllm/tools-named.json", { parts: ["tool:chatcmpl-tool-8938407404882dcb:get_weather:false"], stop: { reason: "tool-use" } }],
  ])("%s", (name, story) => {
    expect(fold(open().read.reply(JSON.parse(load(name))))).toMatchObject(story);
  });
});

describe("requests that real servers took", () => {
  it.each([
    "llamacpp/stream-usage",
    "llamacpp-parrot/auto-stream",
    "llamacpp-tools/fewshot-auto-stream",
    "ollama/tools-required-stream",
    "vllm/tools-required-stream",
  ])("%s is read and written again as it was", (name) => {
    const body = JSON.parse(load(`${name}.request.json`)) as Record<string, unknown>;
    const { request } = accepted(body);
    const written = open(request).body;
    expect(written).toEqual({
      ...body,
      model: "lab-model",
      stream_options: { include_usage: true },
      ...(body.tools === undefined ? {} : { tool_choice: body.tool_choice ?? "auto" }),
    });
  });
});

describe("failures of real servers", () => {
  it.each<[string, number, Partial<Failure>]>([
    ["llamacpp/overflow.json", 400, { kind: "too-long", limit: { used: 15_031, max: 8192 } }],
    ["llamacpp/image.json", 500, { kind: "refused-capability", refused: { capability: "image_block" } }],
    ["ollama/reasoning-effort.json", 400, { kind: "refused-capability" }],
    ["ollama/tools-required.json", 400, { kind: "bad-request" }],
    ["ollama/unknown-model.json", 404, { kind: "not-found" }],
    ["vllm/overflow.json", 400, { kind: "too-long" }],
  ])("%s", (name, status, failure) => {
    expect(readFailure({ status, headers: {}, text: load(name) }, 0)).toMatchObject({ origin: "provider", status, ...failure });
  });
});
