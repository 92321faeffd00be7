import type { Provider } from "./target.ts";

/** Sources that nobody wrote anywhere. */
const unwritten = new Set(["built in", "found on this machine", "this launch"]);

/** Who said a provider's address, for messages: "from .fccrc:5", "from OLLAMA_HOST", "built in". */
export function addressFrom({ source }: Pick<Provider, "source">): string {
  return unwritten.has(source) ? source : `from ${source}`;
}

/** What leads a provider to another address. A variable stands over every file: where it gave the address, no file changes that. */
export function addressSetting({ id, row, source }: Pick<Provider, "id" | "row" | "source">): string {
  return source === row.baseUrlEnv ? source : `providers.${id}.baseUrl`;
}
