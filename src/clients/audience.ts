import type { Audience, Headers } from "../model/wire.ts";

/** The SDKs of OpenAI and Anthropic say what language they are written in; the AI SDK names itself. */
const isSdk = (headers: Headers): boolean => headers["x-stainless-lang"] !== undefined || /\bai-sdk\//.test(headers["user-agent"] ?? "");
/** Claude Code asks by Anthropic's SDK; each agent names itself besides. */
const isAgent = (headers: Headers): boolean =>
  headers["x-app"] === "cli" || headers["originator"] !== undefined || /^(?:claude|codex)/i.test(headers["user-agent"] ?? "");

/** Who reads a failure: an agent, as whatever does not say what it is, or a program that was written with an SDK. */
export function audienceOf(headers: Headers): Audience {
  return isSdk(headers) && !isAgent(headers) ? "program" : "agent";
}
