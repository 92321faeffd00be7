/** Why a request failed, in no wire's terms. Each client's wire writes it in its own. */
export interface Failure {
  readonly kind: FailureKind;
  /** What happened, for a person: often what the provider said, without markup and secrets. */
  readonly message: string;
  /** What to do about it. The message ends with it. */
  readonly advice?: string;
  /** Where the fault is: in the client's request, with fcc, or with the provider. */
  readonly origin: "client" | "fcc" | "provider";
  /** The provider's HTTP status, where there was one. */
  readonly status?: number;
  /** Seconds to wait before the same request may succeed. */
  readonly retryAfter?: number;
  /** Whether the provider says that the same request is worth sending again. */
  readonly retry?: boolean;
  /** The provider's rate limit headers, for a client of its own wire. */
  readonly limitHeaders?: Readonly<Record<string, string>>;
  /** The provider's name and address, for messages. */
  readonly provider?: string;
  /** The model that the provider does not have, by its own name. */
  readonly model?: string;
  /** The `details` of an error of the Messages API, for programs: its `error_code` tells them what to do. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** The same on OpenAI's wires: a code for what is wrong, and where in the request it is. */
  readonly code?: string;
  readonly param?: string;
  /** What in the request the provider does not accept: a field, or a capability. */
  readonly refused?: { readonly field?: string; readonly capability?: Capability };
  /**
   * Tokens: of the prompt, of the output that was asked for, and what the target can take. `atLeast`: of the prompt it counted no more than what
   * the output leaves.
   */
  readonly limit?: { readonly used?: number; readonly output?: number; readonly max?: number; readonly atLeast?: true };
  /** What the model wrote, where the provider could not parse it (Groq, llama.cpp, Ollama). */
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

/** Whether prompt and output do not fit into the window, the one alone or both together, for which OpenAI's wires have one code. */
export const isOverflow = ({ kind, refused }: Failure): boolean =>
  kind === "too-long" || refused?.capability === "max_tokens_context_overflow";

/** Whether the server has no such address, or not for this method. One that refuses a field has understood the request. */
export const isMissing = ({ status, refused }: Failure): boolean =>
  refused === undefined && (status === 404 || status === 405 || status === 501);

/** Whether the client asked for a path that does not exist. A model that does not exist is reported by a provider or by fcc. */
export const isMissingAddress = ({ kind, origin }: Failure): boolean => kind === "not-found" && origin === "client";

/** Failures that may be gone when the same request is sent again. */
export const transient: ReadonlySet<FailureKind> = new Set(transientKinds);

/** What a provider may refuse and a client can do without. The values are those that Claude Code knows in `capability_rejected`. */
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

/** A message that says what happened and ends with what to do about it. */
export function withAdvice(what: string, advice: string): Required<Pick<Failure, "message" | "advice">> {
  return { message: `${what} ${advice}`, advice };
}

/** The message without its advice, and the advice. */
export function withoutAdvice({ message, advice }: Failure): readonly [what: string, advice?: string] {
  return advice !== undefined && message.endsWith(` ${advice}`) ? [message.slice(0, -advice.length - 1), advice] : [message];
}
