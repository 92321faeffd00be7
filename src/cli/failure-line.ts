import type { Found } from "../discover/index.ts";

/** Why a server did not say what models it has. */
export function failureLine({ provider: { id, keySource }, discovery: { failure } }: Found): string {
  const line = `${failure?.provider ?? id}: ${failure?.message.replace(/\n\s*/g, " ")}`;
  // A server that refuses a key does not say whose.
  if (failure?.kind !== "unauthorized") return line;
  return `${line} ${keySource === undefined ? `(there is no key: \`fcc keys set ${id}\` stores one)` : `(the key of ${keySource})`}`;
}
