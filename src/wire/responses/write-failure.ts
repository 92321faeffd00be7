import { type Failure, type FailureKind, isMissingAddress, isOverflow, transient } from "../../model/failure.ts";
import type { Answer, Audience } from "../../model/wire.ts";
import { retryHeaders, saidBy } from "../tell-failure.ts";

interface Told {
  readonly status: number;
  readonly type: string;
  readonly code: string;
}

/** The one code with which Codex shows the message as it is and does not try again; of any other 400 it shows the JSON. */
const final = "invalid_prompt";
const invalid = { status: 400, type: "invalid_request_error", code: final } as const;
const broken = { type: "server_error", code: "server_error" } as const;

/**
 * Codex tries again whatever is neither a 400 nor a 429 (404, 409 and 422 too), and shows the message of all but 429, 500 and a 503 with the
 * code `server_is_overloaded`. So what another try cannot mend is a 400, whatever the provider's own status was.
 */
const table: Readonly<Record<FailureKind, Told>> = {
  "bad-request": invalid,
  unauthorized: { ...invalid, type: "authentication_error" },
  forbidden: { ...invalid, type: "permission_error" },
  "not-found": { ...invalid, type: "not_found_error" },
  "too-long": { ...invalid, code: "context_length_exceeded" },
  "too-large": invalid,
  "refused-capability": invalid,
  filtered: invalid,
  "rate-limited": { status: 429, type: "rate_limit_error", code: "rate_limit_exceeded" },
  "out-of-quota": { status: 429, type: "insufficient_quota", code: "insufficient_quota" },
  conflict: { status: 409, ...broken },
  // After that code Codex gives up within four seconds, in a stream at once, and says "Selected model is at capacity. Please try a different model".
  overloaded: { status: 503, ...broken },
  "timed-out": { status: 504, ...broken },
  upstream: { status: 502, ...broken },
  unreachable: { status: 502, ...broken },
  "cut-off": { status: 502, ...broken },
  "refused-by-policy": { ...invalid, type: "permission_error" },
};

type Words = Partial<Record<FailureKind, { readonly status: number; readonly code: string }>>;

/** What fcc itself refuses keeps its own status: the token of this launch, the address or model asked for. */
const own: Words = {
  unauthorized: { status: 401, code: "invalid_api_key" },
  forbidden: { status: 403, code: "permission_denied" },
  "not-found": { status: 404, code: "model_not_found" },
};
/** A program is told every failure by its own status, of which OpenAI's SDKs make their classes of errors. */
const plain: Words = {
  ...own,
  overloaded: { status: 503, code: "server_is_overloaded" },
  "too-large": { status: 413, code: "request_too_large" },
  "refused-by-policy": { status: 403, code: "refused_by_policy" },
};

/** What is asked for by an id and not there has a code of its own. */
const missing: ReadonlyMap<string | null, string> = new Map([
  ["previous_response_id", "previous_response_not_found"],
  ["response_id", "response_not_found"],
]);

/** Without `retry-after` Codex gives up on a 429 at once and loses the message; with it, it waits and tries again. */
const waitWhenUnsaid = 5;
/** It waits for as long as it is told, and shows "Reconnecting... 1/5": of a longer wait, in seconds, a person is to know. Claude Code ends its turn too. */
const longestWait = 300;

export function writeFailure(failure: Failure, requestId: string, audience: Audience = "agent"): Answer {
  const { kind } = failure;
  const isAgent = audience === "agent";
  // A stranger at fcc's own door is told so; a provider's 401 would only be tried again.
  const words: Words = !isAgent ? plain : failure.origin === "provider" ? {} : own;
  const { retryAfter = 0 } = failure;
  const isFinal = isAgent && transient.has(kind) && (failure.retry === false || retryAfter > longestWait);
  const { status, code: ours } = words[kind] ?? (isFinal ? invalid : told(failure));
  const code = isAgent ? ours : plainCode(failure);
  const wait = failure.retryAfter ?? (isAgent && kind === "rate-limited" ? waitWhenUnsaid : undefined);
  // OpenAI's SDKs would try a 429 again; no other try brings money. Codex does not read the header, and goes by the status alone.
  const retry = kind === "out-of-quota" ? false : isAgent ? undefined : failure.retry;
  const field = failure.refused?.field ?? null;
  const param = field ?? failure.param ?? failure.refused?.capability ?? null;
  return {
    status,
    headers: { "x-request-id": requestId, ...retryHeaders(wait, retry) },
    body: {
      error: {
        message: isFinal && retryAfter > 0 ? withWait(messageOf(failure), retryAfter) : messageOf(failure),
        type: table[kind].type,
        param,
        code: missing.get(field) ?? (isMissingAddress(failure) ? null : code),
      },
    },
  };
}

/** Codex names no limit of its output, and makes room for it by compacting. */
const told = (failure: Failure): Told => table[isOverflow(failure) ? "too-long" : failure.kind];

/** What a program is told: the provider's own code where ours says nothing of what is wrong. */
function plainCode(failure: Failure): string {
  const { kind, code } = failure;
  const ours = (plain[kind] ?? told(failure)).code;
  return ours === final || kind === "forbidden" ? (code ?? ours) : ours;
}

/** The `error` of a `response.failed`. Codex reads a wait out of the sentence, and only where the code is that of a rate limit. */
export function errorInReply(failure: Failure, audience: Audience = "agent"): { readonly code: string; readonly message: string } {
  const { kind, retryAfter } = failure;
  const message = saidBy(failure);
  const isAgent = audience === "agent";
  const code = isAgent ? told(failure).code : plainCode(failure);
  if (retryAfter === undefined || (kind !== "rate-limited" && kind !== "overloaded")) return { code, message };
  const isFinal = isAgent && retryAfter > longestWait;
  return { code: isFinal ? final : "rate_limit_exceeded", message: withWait(message, retryAfter) };
}

function withWait(message: string, seconds: number): string {
  const said = /try again in\s*\d/i.test(message);
  return said ? message : `${message.replace(/[.\s]*$/, "")}. Please try again in ${seconds}s.`;
}

/** Programs find an overflow by OpenAI's own sentences: LangChain does not look at the code. */
function messageOf(failure: Failure): string {
  const message = saidBy(failure);
  if (failure.kind !== "too-long" || /exceeds the context window|maximum context length/i.test(message)) return message;
  return `Your input exceeds the context window of this model. Please adjust your input and try again. (${message})`;
}
