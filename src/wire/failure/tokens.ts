import type { FailureKind } from "../../model/failure.ts";

/** The words that mean one thing whatever the status: OpenAI's codes, Anthropic's types, google.rpc's statuses, vendors' own. */
const tokenKinds = new Map<string, FailureKind>(
  Object.entries({
    insufficient_quota: "out-of-quota",
    billing_error: "out-of-quota",
    billing_not_active: "out-of-quota",
    billing_hard_limit_reached: "out-of-quota",
    insufficient_balance: "out-of-quota",
    exceeded_current_quota_error: "out-of-quota",
    insufficient_credits: "out-of-quota",
    payment_required: "out-of-quota",
    arrearage: "out-of-quota",
    accountoverdueerror: "out-of-quota",
    not_enough_balance: "out-of-quota",
    budget_exceeded: "out-of-quota",
    token_quota_reached: "out-of-quota",
    // A ChatGPT plan, and Volcengine's.
    usage_limit_reached: "out-of-quota",
    accountquotaexceeded: "out-of-quota",
    // OpenCode: what is used up for the month or the day, though the status is 429.
    gousagelimiterror: "out-of-quota",
    freeusagelimiterror: "out-of-quota",
    creditserror: "out-of-quota",
    // Z.ai: balance; the plan's limits, which do not come back in minutes; a plan that is over, or that does not have the model.
    1113: "out-of-quota",
    1308: "out-of-quota",
    1309: "out-of-quota",
    1310: "out-of-quota",
    1311: "out-of-quota",
    // Z.ai: concurrency, rate.
    1302: "rate-limited",
    1303: "rate-limited",
    1305: "rate-limited",
    // MiniMax: rates of requests, tokens and connections; balance, the plan's limit; key; sensitive content; the request's own fault.
    1002: "rate-limited",
    1039: "rate-limited",
    1041: "rate-limited",
    2045: "rate-limited",
    1008: "out-of-quota",
    2056: "out-of-quota",
    1004: "unauthorized",
    2049: "unauthorized",
    1026: "filtered",
    1027: "filtered",
    2013: "bad-request",
    rate_limit_error: "rate-limited",
    rate_limit_exceeded: "rate-limited",
    rate_limit_reached_error: "rate-limited",
    rate_limited: "rate-limited",
    too_many_requests: "rate-limited",
    resource_exhausted: "rate-limited",
    resourceexhausted: "rate-limited",
    throttlingexception: "rate-limited",
    throttling: "rate-limited",
    overloaded_error: "overloaded",
    engine_overloaded_error: "overloaded",
    server_is_overloaded: "overloaded",
    slow_down: "overloaded",
    unavailable: "overloaded",
    unavailable_error: "overloaded",
    service_unavailable: "overloaded",
    serviceunavailableexception: "overloaded",
    // A gateway that keeps Claude Code's contract.
    policy_blocked: "filtered",
    authentication_error: "unauthorized",
    authenticationerror: "unauthorized",
    invalid_api_key: "unauthorized",
    api_key_invalid: "unauthorized",
    unauthenticated: "unauthorized",
    permission_error: "forbidden",
    permission_denied: "forbidden",
    permissiondeniederror: "forbidden",
    accessdeniedexception: "forbidden",
    not_found_error: "not-found",
    notfounderror: "not-found",
    not_found: "not-found",
    model_not_found: "not-found",
    model_decommissioned: "not-found",
    invalid_model: "not-found",
    request_too_large: "too-large",
    timeout_error: "timed-out",
    deadline_exceeded: "timed-out",
    content_filter: "filtered",
    content_policy_violation: "filtered",
    content_filter_error: "filtered",
    responsibleaipolicyviolation: "filtered",
    data_inspection_failed: "filtered",
    datainspectionfailed: "filtered",
    moderation: "filtered",
    // Z.ai: sensitive content.
    1301: "filtered",
    // Groq: the model wrote a call that does not parse; the next time it may.
    tool_use_failed: "upstream",
    invalid_argument: "bad-request",
    invalid_prompt: "bad-request",
  }),
);

/** In which order the words of one body count: what names a cause precisely, before what names a class. */
const precedence: readonly FailureKind[] = [
  "out-of-quota",
  "filtered",
  "unauthorized",
  "overloaded",
  "rate-limited",
  "not-found",
  "too-large",
  "timed-out",
  "forbidden",
  "upstream",
  "bad-request",
];

/** What the machine-readable words of an error body mean together. `waits`: it says when to come again. */
export function kindOfTokens(tokens: readonly string[], waits: boolean): FailureKind | undefined {
  let best: FailureKind | undefined;
  for (const token of tokens) {
    const kind = tokenKinds.get(token);
    if (kind === undefined) continue;
    // A quota that says when it is back is a rate (Gemini's RESOURCE_EXHAUSTED with RetryInfo).
    const meant = kind === "out-of-quota" && waits && tokens.includes("resource_exhausted") ? "rate-limited" : kind;
    if (best === undefined || precedence.indexOf(meant) < precedence.indexOf(best)) best = meant;
  }
  return best;
}

/** The HTTP status behind an error inside a reply that says only a word. */
export function statusOfTokens(tokens: readonly string[]): number | undefined {
  for (const token of tokens) {
    const status = tokenStatuses.get(token);
    if (status !== undefined) return status;
  }
  return undefined;
}

const tokenStatuses = new Map<string, number>(
  Object.entries({
    invalid_request_error: 400,
    badrequesterror: 400,
    invalid_argument: 400,
    api_error: 500,
    server_error: 500,
    internal: 500,
    internal_error: 500,
    internal_server_error: 500,
    internalservererror: 500,
  }),
);
