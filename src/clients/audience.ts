import type { Audience, Headers } from "../model/wire.ts";

/** Claude Code asks by Anthropic's SDK; each agent names itself besides. */
const isAgent = (headers: Headers): boolean =>
  headers["x-app"] === "cli" || headers["originator"] !== undefined || /^(?:claude|codex)/i.test(headers["user-agent"] ?? "");
/** The SDKs of OpenAI and Anthropic say what language they are written in; the AI SDK, LiteLLM and DSPy name themselves. */
const isSdk = (headers: Headers): boolean =>
  headers["x-stainless-lang"] !== undefined || /\b(?:ai-sdk|litellm|DSPy)\//.test(headers["user-agent"] ?? "");

/** Who reads a failure: an agent, a program that was written with an SDK, or whoever names an HTTP library or nothing, as most programs do. */
export function audienceOf(headers: Headers): Audience {
  return isAgent(headers) ? "agent" : isSdk(headers) ? "program" : "unnamed";
}
