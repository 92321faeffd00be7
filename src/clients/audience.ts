import type { Audience, Headers } from "../model/wire.ts";

/**
 * Who reads a failure: an agent, each of which names itself (Claude Code asks by Anthropic's SDK, so that does not tell them apart), or a
 * program. Most programs say nothing of what they are: an HTTP library's name, or none.
 */
export function audienceOf(headers: Headers): Audience {
  const isAgent =
    headers["x-app"] === "cli" || headers["originator"] !== undefined || /^(?:claude|codex)/i.test(headers["user-agent"] ?? "");
  return isAgent ? "agent" : "program";
}
