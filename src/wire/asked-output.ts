import { objectOf } from "./json.ts";

/** What the wires call the most that a reply may have. */
export const outputLimits: readonly string[] = ["max_tokens", "max_completion_tokens", "max_output_tokens"];

/** The most that a body asks for, in tokens. */
export function askedOutput(body: unknown): number | undefined {
  const fields = objectOf(body);
  return outputLimits.map((name) => fields[name]).find((value) => typeof value === "number");
}
