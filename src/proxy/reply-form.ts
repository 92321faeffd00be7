import { parseExactly } from "../model/exact-json.ts";
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

/** Without the mark of UTF-8 and white space before it. */
const startOf = (bytes: Buffer) =>
  bytes
    .toString("latin1", 0, 512)
    .replace(/^\u00ef\u00bb\u00bf/, "")
    .trimStart();
const lineStarts = [":", "data", "event", "id", "retry"];

/** How deep the arguments of a call stand at least. */
const withinArguments = 4;

/** The JSON of a whole reply, or its text where it is none. */
export function parseReply(text: string, { url, headers }: { readonly url: string; readonly headers: Headers }): unknown {
  try {
    return parseExactly(text.replace(/^\ufeff/, ""), withinArguments);
  } catch {
    const page = /html/i.test(headers["content-type"] ?? "") || text.trimStart().startsWith("<");
    // Where a page came from is what a person needs to know.
    return page
      ? { error: { message: `${url} answered with a web page, not with a reply. Is it the right address?`, type: "server_error" } }
      : text;
  }
}

/**
 * What is labelled as a stream and has nothing before its error, or is none: a whole reply or a page. One that is compressed passes: it
 * cannot be looked into without reading on.
 */
export function isNoStream(headers: Headers, first: Buffer): boolean {
  const encoding = headers["content-encoding"] ?? "";
  if (encoding !== "" && encoding !== "identity") return false;
  return /^(?:[{[<]|event: ?error\b|error: ?\{|data: ?\{\s*"(?:error"\s*:|type"\s*:\s*"error"))/.test(startOf(first));
}

/** Some servers say what went wrong with a status of 200, in words of their own: what has nothing of a reply or a count is none. */
export function isErrorReply(text: string): boolean {
  let body: unknown;
  try {
    body = JSON.parse(text.replace(/^\ufeff/, "")) as unknown;
  } catch {
    return true;
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) return true;
  return !["content", "choices", "output", "input_tokens"].some((field) => field in body);
}
