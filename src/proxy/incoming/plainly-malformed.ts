import type { WireName } from "../../model/opaque.ts";
import { conversationFields } from "../../route/untranslatable.ts";
import type { Body, FieldKind } from "./body.ts";

/**
 * Whether a body has a field of a kind that no provider of the wire takes, or lacks one that all demand. Such a body is parsed and refused by
 * fcc, with the name of the field, whether or not bytes would pass. Anything else is left to the provider where they do.
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
  /** With one of these fields nothing is demanded. */
  readonly unless?: readonly string[];
}

const sampling = { temperature: ["number"], top_p: ["number"] } as const;
const form = { stream: ["boolean"], tools: ["list", "empty list"] } as const;

const rules: Readonly<Record<WireName, Rules>> = {
  messages: {
    demanded: { messages: ["list"], max_tokens: ["number"] },
    known: { ...sampling, ...form, stop_sequences: ["list", "empty list"], system: ["string", "list", "empty list"] },
    // A thread that was paused goes on without new messages.
    unless: ["thread"],
  },
  chat: { demanded: { messages: ["list"] }, known: { ...sampling, ...form, max_tokens: ["number"], max_completion_tokens: ["number"] } },
  responses: {
    demanded: { input: ["string", "list", "object"] },
    known: { ...sampling, ...form, max_output_tokens: ["number"] },
    // The provider has the conversation.
    unless: conversationFields,
  },
};
