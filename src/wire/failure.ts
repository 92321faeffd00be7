import { defined } from "../model/defined.ts";
import type { Failure, FailureKind } from "../model/failure.ts";
import type { Headers } from "../model/wire.ts";
import { type ErrorBody, readErrorBody, readErrorValue } from "./failure/error-body.ts";
import { kindOfMessage } from "./failure/kind-of-message.ts";
import { kindOfStatus } from "./failure/kind-of-status.ts";
import { readOverflow } from "./failure/overflow.ts";
import { printable } from "./failure/printable.ts";
import { redact } from "./failure/redact.ts";
import { readRefusal } from "./failure/refusal.ts";
import { readRetryAfter } from "./failure/retry-after.ts";
import { serverBehind } from "./failure/server-behind.ts";
import { kindOfTokens, statusOfTokens } from "./failure/tokens.ts";

/** An answer that is not a reply: any status, any headers (lower-case names), any body. */
interface NoReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * Such an answer to a failure. Common to all wires, because what stands before a provider (a gateway, Cloudflare, another proxy) answers in its
 * own shape whatever wire was asked for. `now` is in seconds since the epoch, `output` the tokens of output that were asked for. Nothing in it throws.
 */
export function readFailure({ text, ...answer }: NoReply, now: number, output?: number): Failure {
  const body = readErrorBody(text.length > longestBody ? text.slice(0, longestBody) : text);
  const behind = serverBehind(answer.status, body);
  return behind === undefined
    ? classify(answer, body, now, output)
    : classify({ ...answer, status: behind.status }, behind.body, now, output);
}

/** The same for an error inside a reply whose status was 200: an `error` object of a stream, parsed, or its text. */
export function readErrorInReply(error: unknown): Failure {
  return classify({ status: 200, headers: {} }, typeof error === "string" ? readErrorBody(error) : readErrorValue(error), 0);
}

/** More than this of an error is never read: it may be a download that was answered by mistake. */
const longestBody = 256 * 1024;
const longestMessage = 1000;
/** A place in a request: "messages[0].content[1].image_url". Some servers say there what is wrong with it. */
const path = /^[a-z][\w.[\]-]{0,199}$/i;
/** A model of some gigabytes is read from disk in seconds to a minute. */
const loadingWait = 5;

function classify({ status: httpStatus, headers }: Omit<NoReply, "text">, body: ErrorBody, now: number, output?: number): Failure {
  const status = httpStatus >= 400 ? httpStatus : (body.status ?? statusOfTokens(body.tokens) ?? httpStatus);
  const said = printable(body.message);
  const message = redact(said === "" || body.page ? printable(describe(httpStatus, body)) : said);
  const shouldRetry = noMemory.test(body.message) ? "false" : headers["x-should-retry"];
  const retryAfter = readRetryAfter({ ...body.headers, ...headers }, body.retryAfter, body.message, now);
  const affordable = affords.exec(body.message)?.[1];
  return {
    ...defined({
      origin: "provider",
      // Half of a pair, where a sentence was cut, is no UTF-8: Codex could not read the event that it stands in.
      message: (message.length > longestMessage ? `${message.slice(0, longestMessage)} ...` : message).toWellFormed(),
      status: status >= 300 ? status : undefined,
      generation: body.generation,
      limit: affordable === undefined ? undefined : { max: Number(affordable) },
      details: body.details,
      code: body.code,
      param: path.test(body.param ?? "") ? body.param : undefined,
      retry: shouldRetry === "true" ? true : shouldRetry === "false" ? false : undefined,
      limitHeaders: limitsOf(headers),
    }),
    ...whatItIs(status, body, retryAfter, output),
  };
}

/** The kind, and what goes with it. Words for programs tell it, a sentence where there are none or vague ones, and else the status. */
function whatItIs(
  status: number,
  body: ErrorBody,
  retryAfter: number | undefined,
  output: number | undefined,
): Pick<Failure, "kind"> & Partial<Failure> {
  // The title of a page is no sentence about the request.
  const sentence = body.page ? "" : body.message;
  const waiting = retryAfter === undefined ? {} : { retryAfter };

  // A conversation that this server kept, or keeps no more, is known to no other: the client sends it whole.
  if (String(body.details?.error_code).startsWith("thread_"))
    return { kind: status === 404 ? "not-found" : "bad-request", origin: "client" };
  if (body.code === "previous_response_not_found" || unknownResponse.test(sentence))
    return { kind: "bad-request", origin: "client", refused: { field: "previous_response_id" } };

  const overflow = readOverflow(status, sentence, body.tokens, { ...body, output });
  if (overflow?.of === "prompt") return { kind: "too-long", limit: overflow.limit };
  if (overflow?.of === "output") {
    const refused = { field: "max_tokens", capability: "max_tokens_context_overflow" } as const;
    return { kind: "refused-capability", refused, limit: overflow.limit };
  }

  if (/\bloading model\b|model (?:is|.{1,80} is) (?:still |currently )?loading/i.test(sentence)) {
    return { kind: "overloaded", retryAfter: retryAfter ?? loadingWait };
  }
  const word = kindOfTokens(body.tokens);
  // Gemini calls a wrong key a bad argument, and an empty account exhausted like a rate: the sentence decides.
  const vague =
    word === undefined || word === "bad-request" || word === "not-found" || (word === "rate-limited" && retryAfter === undefined);
  const told = vague ? (kindOfMessage(status, sentence) ?? word) : word;
  const kind = told ?? (body.generation === undefined ? kindOfStatus(status) : "upstream");
  if (!refusing.has(kind)) return { kind, ...waiting };

  const refusal = readRefusal(sentence, body.tokens, body.param);
  if (refusal === undefined && status === 404 && unfitConversation.test(sentence))
    return { kind: "bad-request", refused: { field: "messages" } };
  if (refusal === undefined || (kind === "upstream" && status !== 501 && refusal.capability !== "image_block")) return { kind, ...waiting };
  const { most, ...refused } = refusal;
  return {
    kind: refused.capability === undefined ? "bad-request" : "refused-capability",
    refused,
    ...(most === undefined ? {} : { limit: { max: most } }),
  };
}

/** vLLM and SGLang, with a 404, of a reply that they do not keep: vLLM keeps none unless it is told to. */
const unknownResponse = /^(?:previous )?response with id\b.{1,200}\bnot found/i;

/**
 * mlx-lm's server has a 404 for all that goes wrong before the reply: what the template refuses or trips over, and arguments in the history that
 * are no JSON.
 */
const unfitConversation =
  /\broles must alternate|\broles? (?:are |is |not )?supported|\bsingle tool-calls|\bno user query found|\bchat[_ ]template\b|\bobject' has no attribute|: line \d+ column \d+ \(char/i;

/** What a server that refuses some part of a request may call it. */
const refusing: ReadonlySet<FailureKind> = new Set(["bad-request", "not-found", "upstream"]);

/** Ollama, with a 500: the model is as large the next time. */
const noMemory = /model requires more (?:system )?memory/i;

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

/** OpenRouter: "This request requires more credits, or fewer max_tokens. You requested up to 65536 tokens, but can only afford 12345." */
const affords = /fewer max_tokens.{0,80}can only afford (\d+)/i;
