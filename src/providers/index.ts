import { compatible } from "./compatible.ts";
import { demo } from "./demo.ts";
import { llamacpp } from "./llamacpp.ts";
import { lmstudio } from "./lmstudio.ts";
import { ollama } from "./ollama.ts";
import type { Row } from "./row.ts";
import { sglang } from "./sglang.ts";
import { vllm } from "./vllm.ts";

export { compatible };

/** The rows that a target can name, by id. To add a provider: a file with its row, and its name here. */
export const rows: Readonly<Record<string, Row>> = byId([ollama, llamacpp, lmstudio, vllm, sglang, compatible, demo]);

/** Other spellings of ids: those of free-claude-code, and what people write. */
export const aliases: Readonly<Record<string, string>> = {
  lm_studio: "lmstudio",
  "lm-studio": "lmstudio",
  llama_cpp: "llamacpp",
  "llama-cpp": "llamacpp",
  "llama.cpp": "llamacpp",
  "llama-server": "llamacpp",
  compatible: "openai-compatible",
  openai_compatible: "openai-compatible",
};

function byId(list: readonly Row[]): Readonly<Record<string, Row>> {
  // Without a prototype, so that a provider called "constructor" is unknown like any other.
  return Object.freeze(Object.assign(Object.create(null) as Record<string, Row>, Object.fromEntries(list.map((row) => [row.id, row]))));
}
