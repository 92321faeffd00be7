import type { Failure, FailureKind } from "../model/failure.ts";
import type { Headers } from "../model/wire.ts";
import { type ErrorBody, readErrorBody, readErrorValue } from "./failure/error-body.ts";
import { readOverflow } from "./failure/overflow.ts";
import { printable } from "./failure/printable.ts";
import { redact } from "./failure/redact.ts";
import { readRefusal } from "./failure/refusal.ts";
import { readRetryAfter } from "./failure/retry-after.ts";
import { kindOfTokens, statusOfTokens } from "./failure/tokens.ts";

/**
 * An answer that is not a reply to a failure: any status, any headers (lower-case names), any body. Common to all wires, because what
 * stands before a provider (a gateway, Cloudflare, another proxy) answers in its own shape whatever wire was asked for. `now` is in
 * seconds since the epoch. Nothing in it throws.
 */
export function readFailure(status: number, headers: Headers, body: string, now: number): Failure {
  return classify(status, headers, readErrorBody(body.length > longestBody ? body.slice(0, longestBody) : body), now);
}

/** The same for an error inside a reply whose status was 200: an `error` object of a stream, parsed, or its text. */
export function readErrorInReply(error: unknown): Failure {
  return classify(200, {}, typeof error === "string" ? readErrorBody(error) : readErrorValue(error), 0);
}

/** More than this of an error is never read: it may be a download that was answered by mistake. */
const longestBody = 256 * 1024;
const longestMessage = 1000;
/** A model of some gigabytes is read from disk in seconds to a minute. */
const loadingWait = 5;

function classify(httpStatus: number, headers: Headers, body: ErrorBody, now: number): Failure {
  const status = httpStatus >= 400 ? httpStatus : (body.status ?? statusOfTokens(body.tokens) ?? httpStatus);
  const said = printable(body.message);
  const message = redact(said === "" || body.page ? printable(describe(httpStatus, body)) : said);
  const limitHeaders = limitsOf(headers);
  const shouldRetry = headers["x-should-retry"];
  const affordable = affords.exec(body.message)?.[1];
  const failure = {
    origin: "provider",
    message: message.length > longestMessage ? `${message.slice(0, longestMessage)} ...` : message,
    ...(status >= 300 ? { status } : {}),
    ...(body.generation === undefined ? {} : { generation: body.generation }),
    ...(affordable === undefined ? {} : { limit: { max: Number(affordable) } }),
    ...(body.details === undefined ? {} : { details: body.details }),
    ...(shouldRetry === "true" || shouldRetry === "false" ? { retry: shouldRetry === "true" } : {}),
    ...(limitHeaders === undefined ? {} : { limitHeaders }),
  } as const;
  const retryAfter = readRetryAfter({ ...body.headers, ...headers }, body.retryAfter, body.message, now);
  const waiting = retryAfter === undefined ? {} : { retryAfter };

  // A conversation that this server kept, or keeps no more, is known to no other: the client sends it whole.
  if (String(body.details?.error_code).startsWith("thread_"))
    return { ...failure, kind: status === 404 ? "not-found" : "bad-request", origin: "client" };

  const overflow = body.page ? undefined : readOverflow(status, body.message, body.tokens, body);
  if (overflow?.of === "prompt") return { ...failure, kind: "too-long", limit: overflow.limit };
  if (overflow?.of === "output") {
    const refused = { field: "max_tokens", capability: "max_tokens_context_overflow" } as const;
    return { ...failure, kind: "refused-capability", refused, limit: overflow.limit };
  }

  if (/\bloading model\b|model (?:is|.{1,80} is) (?:still |currently )?loading/i.test(body.message)) {
    return { ...failure, kind: "overloaded", retryAfter: retryAfter ?? loadingWait };
  }
  const word = kindOfTokens(body.tokens, retryAfter !== undefined);
  // Gemini calls a wrong key a bad argument, and an empty account exhausted like a rate: the sentence decides.
  const vague = word === undefined || word === "bad-request" || (word === "rate-limited" && retryAfter === undefined);
  const told = vague ? (kindOfMessage(status, body) ?? word) : word;
  if (told !== undefined && told !== "bad-request" && told !== "not-found") return { ...failure, kind: told, ...waiting };
  const ownFault = (status >= 500 || status < 300) && clientFault.test(body.message);
  const own = body.generation === undefined ? kindOfStatus(status) : "upstream";
  const kind = told ?? (ownFault ? "bad-request" : own);
  if (kind !== "bad-request" && kind !== "not-found" && kind !== "upstream") return { ...failure, kind, ...waiting };

  const refusal = body.page ? undefined : readRefusal(body.message, body.tokens, body.param);
  if (refusal !== undefined && (kind !== "upstream" || status === 501 || refusal.capability === "image_block")) {
    const { most, ...refused } = refusal;
    return {
      ...failure,
      kind: refused.capability === undefined ? "bad-request" : "refused-capability",
      refused,
      ...(most === undefined ? {} : { limit: { max: most } }),
    };
  }
  return { ...failure, kind, ...waiting };
}

/**
 * Errors of the request that llama.cpp and Ollama answer with 500, and LM Studio in a stream, which clients would send again and again; none is
 * what a model wrote badly once (OpenAI: "The model produced invalid content").
 */
const clientFault =
  /image input is not supported|'(?:messages|input|prompt)' is required|failed to parse tools|failed to parse grammar|cannot pass both content and thinking|^template: |json\.exception|unable to generate parser|jinja|roles? (?:not|are) supported|does not support|(?<!\b(?:produced|generated) (?:an )?)invalid (?:message|role|content|tool)/i;

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
  const known = statusKinds[status];
  if (known !== undefined) return known;
  if (status >= 520 && status <= 530) return "overloaded";
  return status >= 400 && status < 500 ? "bad-request" : "upstream";
}

const statusKinds: Readonly<Record<number, FailureKind>> = {
  401: "unauthorized",
  402: "out-of-quota",
  403: "forbidden",
  404: "not-found",
  407: "unreachable",
  408: "timed-out",
  // The request met another one: the same is sent again.
  409: "conflict",
  410: "not-found",
  413: "too-large",
  425: "overloaded",
  429: "rate-limited",
  451: "filtered",
  498: "overloaded",
  499: "cut-off",
  502: "overloaded",
  503: "overloaded",
  504: "timed-out",
  529: "overloaded",
};

const noMoney =
  /insufficient (?:balance|credits?|funds|quota)|credit balance is too low|out of credits|exceeded your current quota|billing (?:hard )?limit|payment required|requires more credits|add (?:more )?credits|spending limit|negative balance|balance is insufficient|credits are depleted|(?:doesn't|don't|not) have any credits|key limit exceeded|specified (?:workspace )?api usage limits/i;
/** OpenRouter: "This request requires more credits, or fewer max_tokens. You requested up to 65536 tokens, but can only afford 12345." */
const affords = /fewer max_tokens.{0,80}can only afford (\d+)/i;
/** With 429 or 403: limits that are not back in minutes. */
const usedUp =
  /\bbilling\b|monthly (?:usage |spend(?:ing)? )?limit|available balance|usage limit for this (?:period|cycle|billing)|(?:session|hourly|\d+-hour|daily|weekly) usage (?:limit|quota)|used up your (?:daily|monthly)|free-models-per-day|free tier of the model has been exhausted/i;
const noKey =
  /api key not (?:valid|found)|invalid (?:api[ _-]?key|x-api-key|authentication)|incorrect api key|no (?:api[ _-]?key|auth credentials)|missing api[ _-]?key|authentication (?:failed|required)/i;
const noModel =
  /model.{0,120}(?:not found|does not exist|not exist|has been (?:decommissioned|deprecated|removed)|is not available|no longer (?:available|supported))|\bmodel:? [`'"]?[\w./:-]+[`'"]? is not supported|requested model is not supported|model identifier is invalid|unable to access (?:non-serverless )?model|(?:unknown|invalid|no such) model\b|not a valid model|model_not_found/i;
const policy =
  /content (?:management )?policy|content.?filter|(?:flagged|blocked) by.{0,40}(?:moderation|safety|filter|policy)|flagged (?:for|as potentially violating)|content exists risk|violates (?:our )?usage (?:guidelines|polic)|data may contain inappropriate content|safety (?:system|filter)/i;
const busy =
  /overloaded|at capacity|over capacity|capacity (?:constraints|exceeded)|server (?:is )?busy|too many concurrent|no (?:healthy|available) (?:upstream|server|instance|worker)|maximum pending requests/i;
/**
 * What passes, though the status blames the request: NVIDIA's word for a function that is down, LM Studio's for a model that it loads again, or
 * unloads for another; Ollama's where ollama.com ended the connection.
 */
const passes =
  /degraded function cannot be invoked|the model has crashed|\bmodel (?:was unloaded while|has unloaded or crashed|(?:is )?unloaded\b|reloaded\b)|\bfailed to load model\b.{1,200}\boperation canceled|^unexpected EOF$/i;
/** A country in which Google, and OpenAI, do not answer. */
const region = /location is not supported|country, region,? or territory not supported/i;
/** At OpenRouter: what an account allows leaves no host for the model, which is there. */
const ownSettings = /\bmatching your (?:guardrail|data policy)|no allowed providers are available|all providers have been ignored/i;

function kindOfMessage(status: number, { message, page }: ErrorBody): FailureKind | undefined {
  if (page) return undefined;
  if ((status === 429 || status === 403) && usedUp.test(message)) return "out-of-quota";
  if (status !== 401 && status < 500 && noMoney.test(message)) return "out-of-quota";
  if ((status === 400 || status < 300 || status === 403) && noKey.test(message)) return "unauthorized";
  if ((status === 400 || status === 403 || status === 422 || status < 300) && policy.test(message)) return "filtered";
  if ((status === 400 || status === 422 || status < 300) && noModel.test(message)) return "not-found";
  if ((status === 400 || status === 403) && region.test(message)) return "refused-by-policy";
  if (status === 404 && ownSettings.test(message)) return "refused-by-policy";
  if (passes.test(message) || ((status >= 500 || status < 300) && busy.test(message))) return "overloaded";
  // NVIDIA, of a rate: gRPC's word for it.
  if (/\bresource_?exhausted\b/i.test(message) && status !== 401 && status !== 403) return "rate-limited";
  if (status < 300 && /rate limit|too many requests/i.test(message)) return "rate-limited";
  if (status < 300 && /timed? ?out/i.test(message)) return "timed-out";
  return undefined;
}
