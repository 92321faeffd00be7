import type { WireName } from "../../model/opaque.ts";
import type { Body, FieldKind } from "./body.ts";

/**
 * Whether a body has a field of a kind that no provider of the wire takes, or lacks one that all demand. Then it is read as a whole, so that
 * what is wrong is said here, in the caller's words and with a name, on every route alike; what else stands in it is for the provider to judge
 * where bytes pass.
 */
export function isPlainlyMalformed(wire: WireName, body: Body): boolean {
  const { demanded, known, unless = [] } = rules[wire];
  const lacks = ([name, kinds]: [string, readonly FieldKind[]]) => !kinds.includes(body.kindOf(name));
  const differs = ([name, kinds]: [string, readonly FieldKind[]]) => !["absent", "null", ...kinds].includes(body.kindOf(name));
  if (Object.entries(known).some(differs)) return true;
  return !unless.some((name) => !["absent", "null"].includes(body.kindOf(name))) && Object.entries(demanded).some(lacks);
}

interface Rules {
  readonly demanded: Readonly<Record<string, readonly FieldKind[]>>;
  readonly known: Readonly<Record<string, readonly FieldKind[]>>;
  /** With one of these nothing is demanded. */
  readonly unless?: readonly string[];
}

const sampling = { temperature: ["number"], top_p: ["number"] } as const;
const form = { stream: ["boolean"], tools: ["list", "empty list"] } as const;

const rules: Readonly<Record<WireName, Rules>> = {
  messages: {
    demanded: { messages: ["list"], max_tokens: ["number"] },
    known: { ...sampling, ...form, stop_sequences: ["list", "empty list"], system: ["string", "list", "empty list"] },
    // A paused turn goes on without a word.
    unless: ["thread"],
  },
  chat: { demanded: { messages: ["list"] }, known: { ...sampling, ...form, max_tokens: ["number"], max_completion_tokens: ["number"] } },
  responses: {
    demanded: { input: ["string", "list", "object"] },
    known: { ...sampling, ...form, max_output_tokens: ["number"] },
    // The conversation stands at the provider.
    unless: ["prompt", "conversation", "previous_response_id"],
  },
};
