import type { Row } from "../providers/row.ts";

export const exampleModel = "qwen3:8b";

/** How a server gets its first model. */
export function firstModel({ fetch }: Row): string {
  return fetch === undefined ? "Load a model there" : `Fetch one with \`${fetch} ${exampleModel}\``;
}
