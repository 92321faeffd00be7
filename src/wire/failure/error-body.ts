import { countOf, inWords, isObject, type JsonObject, listOf, parseJson, shallow, stringOf, textOf } from "../json.ts";
import { complaintOf, complaintsIn } from "./complaints.ts";
import { duration } from "./duration.ts";
import { withoutGeneration } from "./generation.ts";
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

/** Words for programs. */
const tokenFields = ["type", "code", "status", "reason", "error_code", "error_type", "__type", "status_code", "errorType"];
/** What an error stands in: FastAPI's {detail}, Cloudflare's {errors}, Zod's {issues}, MiniMax's {base_resp}, AWS, gateways. */
const errorFields = ["error", "errors", "detail", "issues", "base_resp", "fault", "exception", "upstream_error"];
/** Sentences; Mistral's may be {detail}. */
const messageFields = [
  ...["message", "msg", "status_msg", "error_msg", "error_description"],
  ...["faultstring", "Message", "description", "title", "details"],
];

/** What `error` is where the sentence stands beside it: the words of the status (Spring, Fastify, NestJS: "Bad Request"), or a code (OAuth). */
const label = /^(?:[\w.-]{1,64}|[A-Z][\w'-]{0,19}(?: [A-Z][\w'-]{0,19}){0,4})$/;
/** A label in words that says what the status says, or nothing. Another ("Insufficient Balance") may be all that tells the cause. */
const plainLabel =
  /^(?:\S+|bad request|not found|unprocessable (?:entity|content)|internal server error|validation (?:error|failed)|invalid request)$/i;
const sentenceFields = ["message", "msg", "error_description", "detail", "details"];
const isSentence = (value: unknown): boolean =>
  typeof value === "string" ? /\S \S/.test(value) : Array.isArray(value) && value.length > 0;

function collectFields(fields: JsonObject, draft: Draft, depth: number): void {
  for (const name of tokenFields) addToken(fields[name], draft);
  if (typeof fields.code === "string" && /^[a-z]\w{0,63}$/i.test(fields.code)) draft.code ??= fields.code;
  draft.param ??= textOf(fields.param);
  // Azure's Foundry, under "One of the parameters contain invalid values."
  if (Array.isArray(fields.loc) && fields.msg === undefined) draft.param ??= fields.loc.map(inWords).join(".");
  draft.used ??= countOf(fields.n_prompt_tokens) || undefined;
  draft.max ??= countOf(fields.n_ctx) || undefined;
  draft.generation ??= stringOf(fields.failed_generation);
  draft.retryAfter ??= waitIn(fields);

  const { error } = fields;
  const isLabel = typeof error === "string" && label.test(error) && sentenceFields.some((name) => isSentence(fields[name]));
  const isFirst = draft.message === "";
  for (const name of errorFields) if (name !== "error" || !isLabel) collect(fields[name], draft, depth + 1);
  for (const name of messageFields) if (draft.message === "") collect(fields[name], draft, depth + 1);
  if (isLabel) {
    addToken(error, draft);
    if (draft.message === "") draft.message = error;
    else if (isFirst && !plainLabel.test(error)) draft.message = `${draft.message} (${error})`;
  }
  // An object in a form that no server is known for still says more than nothing.
  const { message } = fields;
  if (draft.message === "" && depth > 0 && isObject(message) && Object.keys(message).length > 0) draft.message = inWords(message);
  // Xiaomi: "Param Incorrect", and in the field's place what is wrong with it.
  if (draft.message !== "" && typeof fields.param === "string" && /\S \S+ \S/.test(fields.param))
    draft.message = `${draft.message}: ${fields.param}`;
  sayOfFields(fields.errors, draft);
  if (isObject(fields.metadata)) collectMetadata(fields.metadata, draft, depth);
  for (const detail of listOf(fields.details)) if (isObject(detail)) collectDetail(detail, draft);
  draft.details ??= codedDetails(fields.details);
  if (isObject(fields.innererror)) collectDetail(fields.innererror, draft);
}

/** ASP.NET, under "One or more validation errors occurred.", and Laravel: what is wrong, by the name of the field. */
function sayOfFields(errors: unknown, draft: Draft): void {
  if (draft.message === "" || !isObject(errors)) return;
  const said = Object.values(errors)
    .flatMap(listOf)
    .filter((text) => typeof text === "string" && !draft.message.includes(text));
  if (said.length > 0) draft.message = `${draft.message} (${said.join("; ")})`;
}

const secondsFields = [
  ...["retryDelay", "retry_after", "retry_after_seconds", "retryAfter"],
  ...["estimated_time", "resets_in_seconds", "reset_seconds"],
];

/** Seconds to wait. */
function waitIn(fields: JsonObject): number | undefined {
  const seconds = duration(secondsFields.map((name) => fields[name]).find((value) => value !== undefined && value !== null));
  const milliseconds = duration(fields.retry_after_ms ?? fields.retryAfterMs);
  return seconds ?? (milliseconds === undefined ? undefined : milliseconds / 1000);
}

function collectList(list: readonly unknown[], draft: Draft, depth: number): void {
  const complaints = list.map(complaintOf).filter((text) => text !== undefined);
  if (complaints.length > 0) {
    if (draft.message === "") draft.message = complaints.join("; ");
    return;
  }
  for (const item of list) collect(item, draft, depth + 1);
}

function codedDetails(given: unknown): JsonObject | undefined {
  const details = shallow(given);
  return isObject(details) && typeof details.error_code === "string" && JSON.stringify(details).length <= longestSentence
    ? details
    : undefined;
}

/**
 * google.rpc's RetryInfo and ErrorInfo; Azure's own reasons under a general sentence, and what stands in FastAPI's form under its "invalid
 * input error".
 */
function collectDetail(detail: JsonObject, draft: Draft): void {
  draft.retryAfter ??= waitIn(detail);
  addToken(detail.reason, draft);
  addToken(detail.code, draft);
  const said = complaintOf(detail) ?? detail.message;
  if (typeof said === "string" && !draft.message.includes(said)) draft.message = draft.message === "" ? said : `${draft.message} (${said})`;
}

/** OpenRouter: the upstream's own words stand in `metadata.raw`, under "Provider returned error". */
function collectMetadata(metadata: JsonObject, draft: Draft, depth: number): void {
  const { raw, provider_name: name, reasons, headers } = metadata;
  const inner = emptyDraft();
  collect(typeof raw === "string" ? (parse(raw.trim()) ?? raw) : raw, inner, depth + 1);
  if (inner.message !== "") draft.message = typeof name === "string" ? `${inner.message} (${name})` : inner.message;
  draft.tokens.push(...inner.tokens);
  draft.param ??= inner.param;
  draft.retryAfter ??= inner.retryAfter ?? waitIn(metadata);
  if (listOf(reasons).length > 0) draft.tokens.push("moderation");
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

function addToken(value: unknown, draft: Draft): void {
  if (typeof value === "number" || (typeof value === "string" && /^\d+$/.test(value))) {
    const number = Number(value);
    if (number >= 400 && number <= 599) draft.status ??= number;
    draft.tokens.push(String(value));
  } else if (typeof value === "string" && value !== "" && value !== "error" && value.length <= 100) {
    draft.tokens.push(value.toLowerCase());
  }
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
