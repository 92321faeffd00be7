import type { Headers } from "../model/wire.ts";

export type ReplyForm = "unknown" | "events" | "whole";

/**
 * The form of an answer by its first character, whatever its content-type says: servers send whole replies and errors labelled as
 * streams. Leading white space is what some send while they think.
 */
export function formOf(type: string | undefined, chunk: Buffer): ReplyForm {
  const start = chunk
    .toString("latin1", 0, 256)
    .replace(/^\u00ef\u00bb\u00bf/, "")
    .trimStart();
  if (start === "") return /json|html/i.test(type ?? "") ? "whole" : "events";
  return start.startsWith("{") || start.startsWith("[") || start.startsWith("<") ? "whole" : "events";
}

/** The JSON of a whole reply, or its text where it is none. */
export function parseReply(text: string, { url, headers }: { readonly url: string; readonly headers: Headers }): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, "")) as unknown;
  } catch {
    const page = /html/i.test(headers["content-type"] ?? "") || text.trimStart().startsWith("<");
    // Where a page came from is what a person needs to know.
    return page
      ? { error: { message: `${url} answered with a web page, not with a reply. Is it the right address?`, type: "server_error" } }
      : text;
  }
}
