import { type Failure, type FailureKind, isMissingAddress, isOverflow } from "../../model/failure.ts";
import type { Answer } from "../../model/wire.ts";
import type { JsonObject } from "../json.ts";
import { retryHeaders, saidBy } from "../tell-failure.ts";

interface Told {
  readonly status: number;
  readonly type: string;
  readonly code?: string;
  /** OpenAI's SDKs try 408, 409, 429 and everything from 500 again unless told not to. */
  readonly retry?: false;
}

/** Each failure in the words on which OpenAI's SDKs, and clients made for them, act rightly. */
const table: Readonly<Record<FailureKind, Told>> = {
  "bad-request": { status: 400, type: "invalid_request_error" },
  unauthorized: { status: 401, type: "authentication_error", code: "invalid_api_key" },
  forbidden: { status: 403, type: "permission_error" },
  "not-found": { status: 404, type: "invalid_request_error", code: "model_not_found" },
  "too-long": { status: 400, type: "invalid_request_error", code: "context_length_exceeded" },
  "too-large": { status: 413, type: "invalid_request_error", code: "request_too_large" },
  "refused-capability": { status: 400, type: "invalid_request_error", code: "unsupported_parameter" },
  filtered: { status: 400, type: "invalid_request_error", code: "content_filter" },
  "rate-limited": { status: 429, type: "rate_limit_error", code: "rate_limit_exceeded" },
  "out-of-quota": { status: 429, type: "insufficient_quota", code: "insufficient_quota", retry: false },
  conflict: { status: 409, type: "server_error", code: "conflict" },
  overloaded: { status: 503, type: "server_error", code: "server_is_overloaded" },
  "timed-out": { status: 504, type: "timeout_error", code: "timeout" },
  upstream: { status: 500, type: "server_error", code: "upstream_error" },
  unreachable: { status: 502, type: "server_error", code: "upstream_unreachable" },
  "cut-off": { status: 502, type: "server_error", code: "stream_cut_off" },
  "refused-by-policy": { status: 403, type: "permission_error", code: "refused_by_policy", retry: false },
};

export function writeFailure(failure: Failure, requestId: string): Answer {
  const { status, retry } = table[failure.kind];
  const wait = retry === false ? undefined : failure.retryAfter;
  return {
    status,
    headers: { "x-request-id": requestId, ...retryHeaders(wait, retry ?? failure.retry) },
    body: { error: errorInReply(failure) },
  };
}

/** The error as it stands in a body, or in band in a stream. */
export function errorInReply(failure: Failure): JsonObject {
  const { type, code } = table[isOverflow(failure) ? "too-long" : failure.kind];
  return {
    message: messageOf(failure),
    type,
    param: failure.refused?.field ?? failure.param ?? null,
    code: isMissingAddress(failure) ? null : (code ?? failure.code ?? null),
  };
}

/** LiteLLM, and with it Aider, knows an overflow by this beginning of OpenAI's own sentence and does not look at the code. */
const overflow = "This model's maximum context length is";

/** Who said it stands behind: programs go by how OpenAI's sentences begin. */
function messageOf(failure: Failure): string {
  const { kind, limit, message, provider } = failure;
  const isTold = kind !== "too-long" || message.toLowerCase().includes(overflow.toLowerCase());
  if (isTold) return provider === undefined || message.includes(provider) ? message : `${message} (from ${provider})`;
  const window = limit?.max === undefined ? "exceeded" : `${limit.max} tokens`;
  const used = limit?.used === undefined ? "" : ` However, your messages resulted in ${limit.used} tokens.`;
  return `${overflow} ${window}.${used} Please reduce the length of the messages. (${saidBy(failure)})`;
}
