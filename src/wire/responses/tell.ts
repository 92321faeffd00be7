import type { Failure, FailureKind } from "../../model/failure.ts";
import type { Answer } from "../../model/wire.ts";

interface Told {
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
  /** Inside a stream, where the status is spent: `invalid_prompt` keeps the message and is not retried, `server_error` is retried. */
  readonly inBand: string;
}

const invalid = { type: "invalid_request_error", inBand: "invalid_prompt" } as const;
const broken = { type: "server_error", code: "server_error", inBand: "server_error" } as const;

/**
 * Codex retries 401, 402, 403, 408, 413 and every 5xx, and shows the message of 400, 404, 502 and 504; of 429 and 500 it loses it. So what
 * another try cannot mend is a 400 or 404, whatever the provider's own status was.
 */
const table: Readonly<Record<FailureKind, Told>> = {
  "bad-request": { status: 400, code: null, ...invalid },
  unauthorized: { status: 400, code: "invalid_api_key", ...invalid },
  forbidden: { status: 400, code: "permission_denied", ...invalid },
  "not-found": { status: 404, code: "model_not_found", ...invalid },
  "too-long": { status: 400, type: "invalid_request_error", code: "context_length_exceeded", inBand: "context_length_exceeded" },
  "too-large": { status: 400, code: "request_too_large", ...invalid },
  "refused-capability": { status: 400, code: "unsupported_parameter", ...invalid },
  filtered: { status: 400, code: "content_filter", ...invalid },
  "rate-limited": { status: 429, type: "rate_limit_error", code: "rate_limit_exceeded", inBand: "rate_limit_exceeded" },
  "out-of-quota": { status: 429, type: "insufficient_quota", code: "insufficient_quota", inBand: "insufficient_quota" },
  overloaded: { status: 503, type: "server_error", code: "server_is_overloaded", inBand: "server_is_overloaded" },
  "timed-out": { status: 504, ...broken },
  upstream: { status: 502, ...broken },
  unreachable: { status: 502, ...broken },
  "cut-off": { status: 502, ...broken },
  "refused-by-policy": { status: 400, code: "refused_by_policy", ...invalid },
};

/** What fcc itself refuses keeps its own status: the token of this launch, the address asked for. */
const own: Partial<Record<FailureKind, number>> = { unauthorized: 401, forbidden: 403 };

/** Without `retry-after` Codex gives up on a 429 at once and loses the message; with it, it waits and tries again. */
const waitWhenUnsaid = 5;

export function tell(failure: Failure, requestId: string): Answer {
  const told = table[failure.kind];
  // A stranger at fcc's own door is told so; a provider's 401 would only be tried again.
  const status = (failure.origin === "provider" ? undefined : own[failure.kind]) ?? told.status;
  const wait = failure.retryAfter ?? (failure.kind === "rate-limited" ? waitWhenUnsaid : undefined);
  const param = failure.refused?.field ?? failure.refused?.capability ?? null;
  const code = failure.refused?.field === "previous_response_id" ? "previous_response_not_found" : told.code;
  return {
    status,
    headers: { "x-request-id": requestId, ...(wait === undefined ? {} : { "retry-after": String(Math.max(1, Math.ceil(wait))) }) },
    body: { error: { message: failure.message, type: told.type, param, code } },
  };
}

/** The `error` of a `response.failed`. Codex reads the wait out of the sentence. */
export function errorInReply(failure: Failure): { readonly code: string; readonly message: string } {
  const code = table[failure.kind].inBand;
  const said = /try again in\s*\d/i.test(failure.message);
  if (code !== "rate_limit_exceeded" || failure.retryAfter === undefined || said) return { code, message: failure.message };
  return { code, message: `${failure.message.replace(/[.\s]*$/, "")}. Please try again in ${failure.retryAfter}s.` };
}
