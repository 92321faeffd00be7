import type { Failure, FailureKind } from "../model/failure.ts";
import type { Headers } from "../model/wire.ts";
import { type ErrorBody, readErrorBody, readErrorValue } from "./failure/error-body.ts";
import { readOverflow } from "./failure/overflow.ts";
import { printable } from "./failure/printable.ts";
import { redact } from "./failure/redact.ts";
import { readRefusal } from "./failure/refusal.ts";
import { readRetryAfter } from "./failure/retry-after.ts";

/**
 * An answer that is not a reply to a failure: any status, any headers (lower-case names), any body. Common to all wires, because what
 * stands before a provider (a gateway, Cloudflare, another proxy) answers in its own shape whatever wire was asked for. `now` is in
 * seconds since the epoch. Nothing in it throws.
 */
export function readFailure(status: number, headers: Headers, body: string, now: number): Failure {
  return classify(status, headers, shortened(readErrorBody(body.length > longestBody ? body.slice(0, longestBody) : body)), now);
}

/** The same for an error inside a reply whose status was 200: an `error` object of a stream, parsed, or its text. */
export function readErrorInReply(error: unknown): Failure {
  return classify(200, {}, shortened(typeof error === "string" ? readErrorBody(error) : readErrorValue(error)), 0);
}

/** More than this of an error is never read: it may be a download that was answered by mistake. */
const longestBody = 256 * 1024;
const longestMessage = 1000;
/** The cause stands at the beginning: what follows is the request once more, or noise, and is not searched for words. */
const longestSearched = 16 * 1024;
const shortened = (body: ErrorBody): ErrorBody =>
  body.message.length <= longestSearched ? body : { ...body, message: body.message.slice(0, longestSearched) };
/** A model of some gigabytes is read from disk in seconds to a minute. */
const loadingWait = 5;

function classify(httpStatus: number, headers: Headers, body: ErrorBody, now: number): Failure {
  const status = httpStatus >= 400 ? httpStatus : (body.status ?? statusOfTokens(body.tokens) ?? httpStatus);
  const said = printable(body.message);
  const message = redact(said === "" || body.page ? printable(describe(httpStatus, body)) : said);
  const limitHeaders = limitsOf(headers);
  const shouldRetry = headers["x-should-retry"];
  const failure = {
    origin: "provider",
    message: message.length > longestMessage ? `${message.slice(0, longestMessage)} ...` : message,
    ...(status >= 300 ? { status } : {}),
    ...(body.generation === undefined ? {} : { generation: body.generation }),
    ...(shouldRetry === "true" || shouldRetry === "false" ? { retry: shouldRetry === "true" } : {}),
    ...(limitHeaders === undefined ? {} : { limitHeaders }),
  } as const;
  const retryAfter = readRetryAfter({ ...body.headers, ...headers }, body.retryAfter, body.message, now);
  const waiting = retryAfter === undefined ? {} : { retryAfter };

  const overflow = body.page ? undefined : readOverflow(status, body.message, body.tokens, body);
  if (overflow?.of === "prompt") {
    const { used, max } = overflow;
    const limit = { ...(used === undefined ? {} : { used }), ...(max === undefined ? {} : { max }) };
    return { ...failure, kind: "too-long", ...(used === undefined && max === undefined ? {} : { limit }) };
  }
  if (overflow?.of === "output") {
    const { used, max } = overflow;
    const refused = { field: "max_tokens", capability: "max_tokens_context_overflow" } as const;
    const limit = { ...(used === undefined ? {} : { used }), ...(max === undefined ? {} : { max }) };
    return { ...failure, kind: "refused-capability", refused, limit };
  }

  if (/\bloading model\b|model (?:is|.{1,80} is) (?:still |currently )?loading/i.test(body.message)) {
    return { ...failure, kind: "overloaded", retryAfter: retryAfter ?? loadingWait };
  }
  const word = kindOfTokens(body.tokens, retryAfter !== undefined);
  // A bad argument may be the key (Gemini): the sentence decides.
  const told = word === undefined || word === "bad-request" ? (kindOfMessage(status, body) ?? word) : word;
  if (told !== undefined && told !== "bad-request" && told !== "not-found") return { ...failure, kind: told, ...waiting };
  const ownFault = status >= 500 && clientFault.test(body.message);
  const kind = told ?? (ownFault ? "bad-request" : kindOfStatus(status));
  if (kind !== "bad-request" && kind !== "not-found" && kind !== "upstream") return { ...failure, kind, ...waiting };

  const refusal = body.page ? undefined : readRefusal(body.message, body.tokens, body.param);
  if (refusal !== undefined && (kind !== "upstream" || refusal.capability === "image_block")) {
    const { field, capability, most } = refusal;
    const refused = { ...(field === undefined ? {} : { field }), ...(capability === undefined ? {} : { capability }) };
    return {
      ...failure,
      kind: capability === undefined ? "bad-request" : "refused-capability",
      refused,
      ...(most === undefined ? {} : { limit: { max: most } }),
    };
  }
  return { ...failure, kind, ...waiting };
}

/** Errors of the request that llama.cpp and Ollama answer with 500, which clients would send again and again. */
const clientFault =
  /image input is not supported|'(?:messages|input|prompt)' is required|failed to parse tools|^template: |json\.exception|unable to generate parser|jinja|does not support|invalid (?:message|role|content|tool)/i;

function limitsOf(headers: Headers): Record<string, string> | undefined {
  const found = Object.entries(headers).filter((header): header is [string, string] => /^(?:anthropic|x)-ratelimit-/.test(header[0]));
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

function describe(status: number, body: ErrorBody): string {
  const code = body.status ?? status;
  const what = cloudflare[code];
  if (body.page) {
    const title = body.message === "" ? "" : `: ${body.message}`;
    return `answered ${status} with a web page${title}${what === undefined ? "" : ` (${what})`}`;
  }
  if (status < 300) return `answered ${status} with nothing in it that is a reply`;
  return `answered ${status} without saying why${what === undefined ? "" : ` (${what})`}`;
}

/** Cloudflare's own statuses: what stands between it and the provider went wrong. */
const cloudflare: Readonly<Record<number, string>> = {
  520: "the server behind Cloudflare gave an unknown error",
  521: "the server behind Cloudflare is down",
  522: "the server behind Cloudflare timed out",
  523: "the server behind Cloudflare is unreachable",
  524: "the server behind Cloudflare took too long",
  525: "TLS failed between Cloudflare and the server",
  526: "the server behind Cloudflare has an invalid certificate",
};

function kindOfStatus(status: number): FailureKind {
  return (
    statusKinds[status] ?? (status >= 520 && status <= 530 ? "overloaded" : status >= 500 || status < 400 ? "upstream" : "bad-request")
  );
}

const statusKinds: Readonly<Record<number, FailureKind>> = {
  401: "unauthorized",
  402: "out-of-quota",
  403: "forbidden",
  404: "not-found",
  407: "unreachable",
  408: "timed-out",
  // The request met another one: the same is sent again.
  409: "overloaded",
  410: "not-found",
  413: "too-large",
  425: "overloaded",
  429: "rate-limited",
  451: "filtered",
  498: "overloaded",
  499: "cut-off",
  501: "bad-request",
  502: "overloaded",
  503: "overloaded",
  504: "timed-out",
  529: "overloaded",
};

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
    // OpenCode: what is used up for the month or the day, though the status is 429.
    gousagelimiterror: "out-of-quota",
    freeusagelimiterror: "out-of-quota",
    // Z.ai: balance; the plan's limit, which does not come back in minutes.
    1113: "out-of-quota",
    1308: "out-of-quota",
    // Z.ai: concurrency, rate.
    1302: "rate-limited",
    1303: "rate-limited",
    1305: "rate-limited",
    // MiniMax: rate, balance, key.
    1002: "rate-limited",
    1008: "out-of-quota",
    1004: "unauthorized",
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

function kindOfTokens(tokens: readonly string[], waits: boolean): FailureKind | undefined {
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

const noMoney =
  /insufficient (?:balance|credits?|funds|quota)|credit balance is too low|out of credits|exceeded your current quota|billing (?:hard )?limit|payment required|requires more credits|add (?:more )?credits|spending limit|negative balance/i;
/** With 429 or 403: limits that are not back in minutes. */
const usedUp =
  /\bbilling\b|monthly (?:usage |spend(?:ing)? )?limit|available balance|usage limit for this (?:period|cycle|billing)|used up your (?:daily|monthly)/i;
const noKey =
  /api key not (?:valid|found)|invalid (?:api[ _-]?key|x-api-key|authentication)|incorrect api key|no (?:api[ _-]?key|auth credentials)|missing api[ _-]?key|authentication (?:failed|required)/i;
const noModel =
  /model.{0,120}(?:not found|does not exist|not exist|has been (?:decommissioned|deprecated|removed)|is not available|no longer (?:available|supported))|\bmodel:? [`'"]?[\w./:-]+[`'"]? is not supported|(?:unknown|invalid|no such) model\b|not a valid model|model_not_found/i;
const policy =
  /content (?:management )?policy|content.?filter|(?:flagged|blocked) by.{0,40}(?:moderation|safety|filter|policy)|flagged for|data may contain inappropriate content|safety (?:system|filter)/i;
const busy =
  /overloaded|at capacity|over capacity|capacity (?:constraints|exceeded)|server (?:is )?busy|too many concurrent|no (?:healthy|available) (?:upstream|server|instance|worker)|maximum pending requests/i;

function kindOfMessage(status: number, { message, page }: ErrorBody): FailureKind | undefined {
  if (page) return undefined;
  if ((status === 429 || status === 403) && usedUp.test(message)) return "out-of-quota";
  if (status !== 401 && noMoney.test(message) && (status === 429 || status === 403 || status === 402 || status < 500))
    return "out-of-quota";
  if ((status === 400 || status < 300 || status === 403) && noKey.test(message)) return "unauthorized";
  if ((status === 400 || status === 403 || status === 422 || status < 300) && policy.test(message)) return "filtered";
  if ((status === 400 || status === 422 || status < 300) && noModel.test(message)) return "not-found";
  if ((status >= 500 || status < 300) && busy.test(message)) return "overloaded";
  // NVIDIA: what gRPC calls a rate.
  if (/\bresource_?exhausted\b/i.test(message) && status !== 401 && status !== 403) return "rate-limited";
  if (status < 300 && /rate limit|too many requests/i.test(message)) return "rate-limited";
  if (status < 300 && /timed? ?out/i.test(message)) return "timed-out";
  return undefined;
}

/** The HTTP status behind an error inside a reply that says only a word. */
function statusOfTokens(tokens: readonly string[]): number | undefined {
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
