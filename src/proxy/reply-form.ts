import { parseExactly } from "../model/exact-json.ts";
import { isObject } from "../model/json.ts";
import type { Headers } from "../model/wire.ts";

export type ReplyForm = "unknown" | "events" | "whole";

/**
 * The form of an answer by its first character, whatever its content-type says: servers send whole replies and errors labelled as
 * streams. Leading white space is what some send while they think.
 */
export function formOf(type: string | undefined, chunk: Buffer): ReplyForm {
  const start = startOf(chunk);
  if (start === "") return /json|html/i.test(type ?? "") ? "whole" : "events";
  if (start.startsWith("{") || start.startsWith("[") || start.startsWith("<")) return "whole";
  // Words without the form of a stream, under a type that is none: what went wrong, as a sentence.
  const lines = lineStarts.some((line) => line.startsWith(start) || start.startsWith(line));
  return lines || /event-stream/i.test(type ?? "") ? "events" : "whole";
}

/** Whether a whole answer is events, whatever its content-type says. */
export const isStream = (answer: Buffer) => /^(?:data|event|id|retry)?:/.test(startOf(answer));

/** Without the mark of UTF-8 and white space before it. */
const startOf = (bytes: Buffer) =>
  bytes
    .toString("latin1", 0, farthest)
    .replace(/^\u00ef\u00bb\u00bf/, "")
    .trimStart();
const lineStarts = [":", "data", "event", "id", "retry"];

/** Bytes in which an answer's form shows: one that is awaited begins with a comment every few seconds. */
const farthest = 16 * 1024;

/** How deep the arguments of a call stand at least. */
const withinArguments = 4;

/** The JSON of a whole reply, or its text where it is none. */
export function parseReply(text: string, { url, headers }: { readonly url: string; readonly headers: Headers }): unknown {
  const reply = parseExactly(text.replace(/^\ufeff/, ""), withinArguments);
  if (reply !== undefined) return reply;
  const page = /html/i.test(headers["content-type"] ?? "") || text.trimStart().startsWith("<");
  // Where a page came from is what a person needs to know.
  return page
    ? { error: { message: `${url} answered with a web page, not with a reply. Is it the right address?`, type: "server_error" } }
    : text;
}

/**
 * What is labelled as a stream and has nothing before its error or its end, or is none: a whole reply or a page. One that is compressed passes:
 * it cannot be looked into without reading on.
 */
export function isNoStream(headers: Headers, first: Buffer): boolean {
  return isPlain(headers) && failed.test(startOf(first).replace(comments, ""));
}

const failed =
  /^(?:[{[<]|event: ?(?:error|response\.failed)\b|error: ?\{|data: ?(?:\[DONE\]|\{\s*"(?:error"\s*:|(?:type|object)"\s*:\s*"(?:error|response\.failed)")))/;

/** Whether a stream's first event has no name before its data. */
export const isUnnamed = (first: Buffer) => /^(?:(?:id|retry):[^\r\n]*[\r\n]+)*data:/.test(startOf(first).replace(comments, ""));

/**
 * Comments, by which a server says that it is at work (": OPENROUTER PROCESSING"), and at most a part of the first line of a reply, unless that
 * is an error's already. Of many no more is kept.
 */
export function isWaiting(headers: Headers, begun: Buffer): boolean {
  if (!isPlain(headers) || begun.length >= farthest) return false;
  const start = startOf(begun).replace(comments, "");
  return !failed.test(start) && /^[^{[<\r\n][^\r\n]*$|^$/.test(start);
}

const comments = /^(?::[^\r\n]*|[\r\n])+/;

/** Whether an answer's bytes can be read as they come. */
export const isPlain = (headers: Headers) => ["", "identity"].includes(headers["content-encoding"] ?? "");

/**
 * Some servers say what went wrong with a status of 200, in words of their own: what has nothing of a reply or a count is none. MiniMax's has
 * null for its choices, and none at all is no reply either, while null is what Ollama has for the content of an empty one.
 */
export function isErrorReply(body: unknown): boolean {
  if (!isObject(body)) return true;
  const { choices } = body;
  const hasChoices = Array.isArray(choices) ? choices.length > 0 : (choices ?? null) !== null;
  return !("content" in body || hasChoices || ["output", "input_tokens"].some((field) => (body[field] ?? null) !== null));
}
