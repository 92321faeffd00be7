import { at, entriesOf, name } from "./shape.ts";

/** Whom each kind of server says that its models are owned by. */
const owners: ReadonlyMap<unknown, string> = new Map([
  ["llamacpp", "llamacpp"],
  ["vllm", "vllm"],
  ["sglang", "sglang"],
  ["organization_owner", "lmstudio"],
  ["library", "ollama"],
]);

/** Which row a server is by its own word: its answer to /v1/models, and its Server header. */
export function identify(json: unknown, server: string | undefined): string | undefined {
  if (server !== undefined && /^llama\.cpp/i.test(server)) return "llamacpp";
  const entries = entriesOf(at(json, "data"));
  const owner = entries.map((entry) => at(entry, "owned_by")).find((owned) => owners.has(owned));
  if (owner !== undefined) return owners.get(owner);
  return at(json, "data") === null || (entries.length > 0 && entries.every(isOllamas)) ? "ollama" : undefined;
}

/**
 * Ollama's `ToListCompletion`: each name has a tag, and its namespace for the owner: "library", or "bartowski" of
 * hf.co/bartowski/Qwen3-8B-GGUF:Q4_K_M. Where there is no model, the list is null.
 */
function isOllamas(entry: unknown): boolean {
  const parts = name(at(entry, "id"))?.split("/") ?? [];
  return parts.at(-1)?.includes(":") === true && at(entry, "owned_by") === (parts.at(-2) ?? "library");
}
