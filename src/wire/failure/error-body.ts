import { inWords, isObject, type JsonObject, parseJson } from "../json.ts";
import { complaintOf, complaintsIn } from "./complaints.ts";
import { duration } from "./duration.ts";
import { textOfPage, withoutPage } from "./page.ts";

/** What an error body says, whatever its shape. */
export interface ErrorBody {
  /** As the provider wrote it, without markup. Empty where it said nothing. */
  readonly message: string;
  /** Machine-readable words: type, code, status, reason, in lower case, in the order in which they were found. */
  readonly tokens: readonly string[];
  /** The first of them that stands as `code`, as it was written. */
  readonly code?: string | undefined;
  /** An HTTP status that stands in the body. */
  readonly status?: number | undefined;
  /** The field of the request that it is about. */
  readonly param?: string | undefined;
  /** Seconds. */
  readonly retryAfter?: number | undefined;
  /** Headers of the server behind this one, lower-case names. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** llama.cpp's `n_prompt_tokens` and `n_ctx`. */
  readonly used?: number | undefined;
  readonly max?: number | undefined;
  /** What the model had written: Groq's `failed_generation`, or a part of the sentence. */
  readonly generation?: string | undefined;
  /** Anthropic's, with an `error_code` in them. */
  readonly details?: JsonObject | undefined;
  /** The body was a page for people, not an answer for a program. */
  readonly page: boolean;
}

/** The same while it is read. */
type Draft = { -readonly [Key in keyof ErrorBody]: ErrorBody[Key] } & { readonly tokens: string[] };

/** Text of a body to what it says: JSON of any known shape, a server-sent event with an error in it, HTML, plain text. */
export function readErrorBody(body: string): ErrorBody {
  const text = body.trim();
  const json = parse(text) ?? parse(dataOfEvents(text));
  if (json !== undefined) return readErrorValue(json);
  const draft = emptyDraft();
  if (/^<|<html|<!doctype/i.test(text)) {
    draft.page = true;
    draft.message = textOfPage(text);
  } else {
    draft.message = text.slice(0, longestSentence);
  }
  return draft;
}

/** What is longer is no sentence, and what classifies sentences would look at it for seconds. */
const longestSentence = 4000;

/** The same for a value that is parsed already, such as an error inside a stream. */
export function readErrorValue(value: unknown): ErrorBody {
  const draft = emptyDraft();
  collect(value, draft, 0);
  draft.message = draft.message.slice(0, longestSentence);
  return draft;
}

function emptyDraft(): Draft {
  return { message: "", tokens: [], page: false };
}

/** Outer values are read first, so that the first message and the first status win; machine words are all kept. */
function collect(value: unknown, draft: Draft, depth: number): void {
  if (depth > 6) return;
  if (typeof value === "string") say(value, draft, depth);
  else if (Array.isArray(value)) collectList(value, draft, depth);
  else if (isObject(value)) collectFields(value, draft, depth);
}

function collectFields(fields: JsonObject, draft: Draft, depth: number): void {
  for (const name of ["type", "code", "status", "reason", "error_code", "error_type", "__type", "status_code", "errorType"]) {
    token(fields[name], draft);
  }
  if (typeof fields.code === "string" && /^[a-z]\w{0,63}$/i.test(fields.code)) draft.code ??= fields.code;
  if (typeof fields.param === "string" && fields.param !== "") draft.param ??= fields.param;
  // Azure's Foundry, under "One of the parameters contain invalid values."
  if (Array.isArray(fields.loc) && fields.msg === undefined) draft.param ??= fields.loc.map(inWords).join(".");
  draft.used ??= whole(fields.n_prompt_tokens);
  draft.max ??= whole(fields.n_ctx);
  if (typeof fields.failed_generation === "string") draft.generation ??= fields.failed_generation;
  draft.retryAfter ??= duration(
    fields.retryDelay ??
      fields.retry_after ??
      fields.retry_after_seconds ??
      fields.retryAfter ??
      fields.estimated_time ??
      fields.resets_in_seconds ??
      fields.reset_seconds,
  );
  const milliseconds = duration(fields.retry_after_ms ?? fields.retryAfterMs);
  if (milliseconds !== undefined) draft.retryAfter ??= milliseconds / 1000;

  // FastAPI's {detail}, Gemini's array, Cloudflare's {errors}, MiniMax's {base_resp}, Mistral's {message: {detail}}, DashScope, AWS, gateways.
  for (const name of ["error", "errors", "detail", "base_resp", "fault", "exception", "upstream_error"])
    collect(fields[name], draft, depth + 1);
  for (const name of ["message", "msg", "status_msg", "error_msg", "error_description", "faultstring", "Message", "description", "title"]) {
    if (draft.message === "") collect(fields[name], draft, depth + 1);
  }
  // Xiaomi: "Param Incorrect", and in the field's place what is wrong with it.
  if (draft.message !== "" && typeof fields.param === "string" && /\S \S+ \S/.test(fields.param))
    draft.message = `${draft.message}: ${fields.param}`;
  metadata(fields.metadata, draft, depth);
  if (Array.isArray(fields.details)) for (const detail of fields.details) collectDetail(detail, draft);
  else if (isCoded(fields.details)) draft.details ??= fields.details;
  collectDetail(fields.innererror, draft);
}

function collectList(list: readonly unknown[], draft: Draft, depth: number): void {
  const complaints = list.map(complaintOf).filter((text) => text !== undefined);
  if (complaints.length > 0) {
    if (draft.message === "") draft.message = complaints.join("; ");
    return;
  }
  for (const item of list) collect(item, draft, depth + 1);
}

function isCoded(details: unknown): details is JsonObject {
  return isObject(details) && typeof details.error_code === "string" && JSON.stringify(details).length <= longestSentence;
}

/**
 * google.rpc's RetryInfo and ErrorInfo; Azure's own reasons under a general sentence, and what stands in FastAPI's form under its "invalid
 * input error".
 */
function collectDetail(detail: unknown, draft: Draft): void {
  if (!isObject(detail)) return;
  draft.retryAfter ??= duration(detail.retryDelay);
  token(detail.reason, draft);
  token(detail.code, draft);
  const said = complaintOf(detail) ?? detail.message;
  if (typeof said === "string" && !draft.message.includes(said)) draft.message = draft.message === "" ? said : `${draft.message} (${said})`;
}

/** OpenRouter: the upstream's own words stand in `metadata.raw`, under "Provider returned error". */
function metadata(value: unknown, draft: Draft, depth: number): void {
  if (!isObject(value)) return;
  const { raw, provider_name: name, reasons, headers } = value;
  if (raw !== undefined && raw !== null && raw !== "") {
    const inner = emptyDraft();
    collect(typeof raw === "string" ? (parse(raw.trim()) ?? raw) : raw, inner, depth + 1);
    if (inner.message !== "") draft.message = typeof name === "string" ? `${inner.message} (${name})` : inner.message;
    draft.tokens.push(...inner.tokens);
    draft.param ??= inner.param;
    draft.retryAfter ??= inner.retryAfter;
  }
  if (Array.isArray(reasons) && reasons.length > 0) draft.tokens.push("moderation");
  draft.retryAfter ??= duration(value.retry_after_seconds);
  if (isObject(headers))
    draft.headers ??= Object.fromEntries(Object.entries(headers).map(([key, text]) => [key.toLowerCase(), inWords(text)]));
}

/** A message may itself be JSON: gateways pass the body of the server behind them on as a string. */
function say(text: string, draft: Draft, depth: number): void {
  const inner = parse(text.trim());
  if (inner !== undefined && depth < 6) {
    const before = draft.message;
    collect(inner, draft, depth + 1);
    if (draft.message !== before) return;
  }
  if (draft.message !== "") return;
  const { sentence, generation } = withoutGeneration(complaintsIn(text) ?? text);
  draft.message = withoutPage(sentence);
  draft.generation ??= generation;
}

/**
 * llama.cpp and Ollama repeat in their sentence what of the model's output they could not parse, and so does vLLM of gpt-oss. It is no part of
 * it: what stands in there may read like any error.
 */
function withoutGeneration(text: string): { readonly sentence: string; readonly generation?: string } {
  const before =
    /(failed to parse input at pos \d+|unexpected tokens remaining in message header): |(error parsing tool call): raw='|(unexpected token \d+ while expecting start token) /i.exec(
      text,
    );
  if (before === null) return { sentence: text };
  const from = before.index + before[0].length;
  const to = before[2] === undefined ? text.length : text.lastIndexOf("', err=");
  const sentence = text.slice(0, before.index) + (before[1] ?? before[2] ?? before[3]);
  return to > from ? { sentence, generation: text.slice(from, to) } : { sentence: text };
}

function token(value: unknown, draft: Draft): void {
  if (typeof value === "number" || (typeof value === "string" && /^\d+$/.test(value))) {
    const number = Number(value);
    if (number >= 400 && number <= 599) draft.status ??= number;
    draft.tokens.push(String(value));
  } else if (typeof value === "string" && value !== "" && value !== "error" && value.length <= 100) {
    draft.tokens.push(value.toLowerCase());
  }
}

function whole(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? Math.round(value) : undefined;
}

function parse(text: string): unknown {
  return /^[{[]/.test(text) ? parseJson(text) : undefined;
}

/** The data of a body that is a server-sent event although the status is not 200. */
function dataOfEvents(text: string): string {
  if (!/^(event|data|:)/.test(text)) return "";
  const line = text.split(/\r\n|\r|\n/).find((candidate) => /^data:\s*[{[]/.test(candidate));
  return line === undefined ? "" : line.slice("data:".length).trim();
}
