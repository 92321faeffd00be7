/** Every way in which a request can fail, in the words of no wire. Each wire tells them to its own client. */
export interface Failure {
  readonly kind: FailureKind;
  /** What happened, for a person; what the provider said, without its markup and without secrets. */
  readonly message: string;
  /** What to do about it, where the message ends with that. */
  readonly advice?: string;
  /** Who refused: the client's own request, fcc, or the provider. */
  readonly origin: "client" | "fcc" | "provider";
  /** The provider's HTTP status, where there was one. */
  readonly status?: number;
  /** Seconds to wait before the same request may succeed. */
  readonly retryAfter?: number;
  /** The provider says itself whether the same request is worth sending again. */
  readonly retry?: boolean;
  /** What the provider's headers say of its limits, for a client of its own wire. */
  readonly limitHeaders?: Readonly<Record<string, string>>;
  /** The provider's name and address, for messages. */
  readonly provider?: string;
  /** The model that the provider does not have, by its own name. */
  readonly model?: string;
  /** What the Messages API says beside the message, for programs: its `error_code` is what they know a way out by. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** The same of OpenAI's wires: its word for what is wrong, and where in the request it is. */
  readonly code?: string;
  readonly param?: string;
  /** What of the request the provider does not take: a field's name, or a capability. */
  readonly refused?: { readonly field?: string; readonly capability?: Capability };
  /** Tokens: what the prompt has, what was asked for beside it, and what the target can take. */
  readonly limit?: { readonly used?: number; readonly output?: number; readonly max?: number };
  /** What the model had written when the provider gave up parsing it (Groq, llama.cpp, Ollama). */
  readonly generation?: string;
}

const transientKinds = ["rate-limited", "overloaded", "conflict", "timed-out", "upstream", "unreachable", "cut-off"] as const;

export const failureKinds = [
  "bad-request",
  "unauthorized",
  "forbidden",
  "not-found",
  "too-long",
  "too-large",
  "refused-capability",
  "filtered",
  "out-of-quota",
  "refused-by-policy",
  ...transientKinds,
] as const;

export type FailureKind = (typeof failureKinds)[number];

/** What servers answer that do not have an address, or do not have it for this method. What refuses a field has understood the request. */
export const isMissing = ({ status, refused }: Failure): boolean =>
  refused === undefined && (status === 404 || status === 405 || status === 501);

/** The client asked at an address that is not there; where a model is not there, a provider or fcc says so. */
export const isMissingAddress = ({ kind, origin }: Failure): boolean => kind === "not-found" && origin === "client";

/** Failures that may be gone when the same request is sent again. */
export const transient: ReadonlySet<FailureKind> = new Set(transientKinds);

/** What a provider may refuse and a client can do without; the values are Claude Code's own tokens for `capability_rejected`. */
export type Capability =
  | "mid_conv_system"
  | "cache_control_field"
  | "thinking_signature"
  | "thinking_type:enabled"
  | "thinking_type:adaptive"
  | "structured_outputs_unsupported"
  | "effort_unsupported"
  | "media_budget"
  | "image_block"
  | "document_block"
  | "max_tokens_context_overflow"
  | `beta_header:${string}`;

/** What happened, a sentence, and what to do about it. */
export function withAdvice(what: string, advice: string): Required<Pick<Failure, "message" | "advice">> {
  return { message: `${what} ${advice}`, advice };
}

/** The same apart. */
export function withoutAdvice({ message, advice }: Failure): readonly [what: string, advice?: string] {
  return advice !== undefined && message.endsWith(` ${advice}`) ? [message.slice(0, -advice.length - 1), advice] : [message];
}
