import { type Failure, type FailureKind, transient } from "../../model/failure.ts";
import type { Answer, Audience } from "../../model/wire.ts";
import { retryHeaders, saidBy } from "../tell-failure.ts";

interface Told {
  readonly status: number;
  readonly type: string;
  /** No other try can help. */
  readonly retry?: false;
}

/**
 * How each failure is told so that a Messages client acts rightly on it: what it retries (429, 5xx), what it compacts for ("prompt is
 * too long"), what it does without (`capability_rejected`), and what it shows at once and as it is (`policy_blocked` with status 400:
 * a provider's 401 or 403 passed on would send the user to Anthropic's login).
 */
const table: Readonly<Record<FailureKind, Told>> = {
  "bad-request": { status: 400, type: "invalid_request_error" },
  unauthorized: { status: 400, type: "policy_blocked", retry: false },
  forbidden: { status: 400, type: "policy_blocked", retry: false },
  "not-found": { status: 404, type: "not_found_error" },
  "too-long": { status: 400, type: "invalid_request_error" },
  "too-large": { status: 413, type: "request_too_large" },
  "refused-capability": { status: 400, type: "invalid_request_error" },
  filtered: { status: 400, type: "policy_blocked", retry: false },
  "rate-limited": { status: 429, type: "rate_limit_error" },
  "out-of-quota": { status: 402, type: "billing_error", retry: false },
  conflict: { status: 409, type: "conflict_error" },
  overloaded: { status: 529, type: "overloaded_error" },
  "timed-out": { status: 504, type: "timeout_error" },
  upstream: { status: 500, type: "api_error" },
  unreachable: { status: 529, type: "overloaded_error" },
  "cut-off": { status: 500, type: "api_error" },
  "refused-by-policy": { status: 400, type: "policy_blocked", retry: false },
};

/** What fcc itself refuses keeps its own status: the token of this launch, the address asked for. So does a provider's refusal for a program. */
const plain: Partial<Record<FailureKind, Told>> = {
  unauthorized: { status: 401, type: "authentication_error", retry: false },
  forbidden: { status: 403, type: "permission_error", retry: false },
};

function told(failure: Failure, audience: Audience): Told {
  return (failure.origin === "provider" && audience === "agent" ? undefined : plain[failure.kind]) ?? table[failure.kind];
}

export function writeFailure(failure: Failure, requestId: string, audience: Audience = "agent"): Answer {
  const { status, type, retry } = told(failure, audience);
  const wait = retry === false ? undefined : failure.retryAfter;
  return {
    status,
    headers: { "request-id": requestId, ...retryHeaders(wait, retry ?? failure.retry) },
    body: errorBody(type, failure, requestId, audience),
  };
}

/**
 * The same inside a stream. Before anything of the reply, Claude Code takes `overloaded_error` for "try the stream again" and any other
 * type for "ask once without stream", so what may pass is told as overloaded there.
 */
export function errorInReply(failure: Failure, requestId: string, started: boolean, audience: Audience = "agent"): unknown {
  const type = !started && transient.has(failure.kind) ? "overloaded_error" : told(failure, audience).type;
  return errorBody(type, failure, requestId, audience);
}

function errorBody(type: string, failure: Failure, requestId: string, audience: Audience): unknown {
  const { details } = failure;
  return {
    type: "error",
    error: { type, message: messageOf(failure, audience), ...(details === undefined ? {} : { details }) },
    request_id: requestId,
  };
}

function messageOf(failure: Failure, audience: Audience): string {
  const { kind, refused, limit, model } = failure;
  if (kind === "too-long") return tooLong(limit?.used, limit?.max);
  // Claude Code compares the whole message. Whoever does not say what it is may be one behind a gateway, or made to act as it does.
  if (audience !== "program" && kind === "refused-capability" && refused?.capability !== undefined)
    return (refused.capability === "max_tokens_context_overflow" && tooMuchOutput(limit)) || `capability_rejected: ${refused.capability}`;
  const said = saidBy(failure);
  // The API's own words for a model that it does not have.
  const words = model === undefined ? said : `model: ${model} (${said})`;
  return audience === "agent" ? words.replace(ownLogin, "API key") : words;
}

/** In whatever message this stands, Claude Code shows "Please run /login" in its place. Anthropic says "invalid x-api-key" of any key. */
const ownLogin = /x-api-key/gi;

/** By these figures Claude Code asks for what the window still holds; for the bare token it compacts, and then gives up. */
function tooMuchOutput({ used, output, max }: NonNullable<Failure["limit"]> = {}): string | undefined {
  if (used === undefined || output === undefined || max === undefined) return undefined;
  return `input length and \`max_tokens\` exceed context limit: ${used} + ${output} > ${max}, decrease input length or \`max_tokens\` and try again`;
}

/** Claude Code reads both figures, and compacts for the first words alone. */
function tooLong(used: number | undefined, max: number | undefined): string {
  if (used !== undefined && max !== undefined && used > max) return `prompt is too long: ${used} tokens > ${max} maximum`;
  if (max !== undefined) return `prompt is too long: it does not fit into the maximum of ${max} tokens`;
  return "prompt is too long: it does not fit into the model's context window";
}
