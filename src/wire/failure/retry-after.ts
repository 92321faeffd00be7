import type { Headers } from "../../model/wire.ts";
import { duration } from "./duration.ts";

/** Claude Code does not wait for an hour or longer anyway, and a broken clock must not silence a key for a year. */
const longestWait = 3600;

/**
 * Seconds to wait, out of what the headers, the body and the message say; undefined where they say nothing usable. `now` is in seconds
 * since the epoch. The order is from the most to the least exact: a number for this very answer, the body, a limit's reset, the prose.
 */
export function readRetryAfter(headers: Headers, bodySays: number | undefined, message: string, now: number): number | undefined {
  const seconds =
    positive(Number(headers["retry-after-ms"]) / 1000) ??
    positive(moment(headers["retry-after"], now)) ??
    positive(bodySays) ??
    positive(Number(headers["x-ratelimit-reset-ms"]) / 1000) ??
    positive(resetOfLimits(headers, now)) ??
    positive(resetOfPolicies(headers["ratelimit"])) ??
    positive(prose(message));
  return seconds === undefined ? undefined : Math.min(seconds, longestWait);
}

/** A wait that is one; text that is no number is none. */
function positive(seconds: number | undefined): number | undefined {
  return seconds !== undefined && Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}

/** Seconds from now: a number, a duration ("6m0s", "120ms"), an HTTP or ISO date, or a Unix time in seconds or milliseconds. */
function moment(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const number = duration(value);
  if (number !== undefined) {
    if (number > 1e11) return number / 1000 - now;
    return number > 1e9 ? number - now : number;
  }
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : date / 1000 - now;
}

/** OpenAI's, Groq's and Anthropic's resets come one for each limit: the exhausted limit decides, or else the longest. */
function resetOfLimits(headers: Headers, now: number): number | undefined {
  let exhausted: number | undefined;
  let longest: number | undefined;
  for (const [name, value] of Object.entries(headers)) {
    const found = resetHeader.exec(name) ?? anthropicReset.exec(name);
    if (found === null) continue;
    const seconds = positive(moment(value, now));
    if (seconds === undefined) continue;
    const remaining = headers[name.replace("reset", "remaining")];
    if (remaining !== undefined && Number(remaining) <= 0) exhausted = Math.max(exhausted ?? 0, seconds);
    longest = Math.max(longest ?? 0, seconds);
  }
  return exhausted ?? longest;
}

// LiteLLM hands on the headers of the server behind it under a prefix.
const resetHeader =
  /^(?:llm_provider-)?(?:x-)?ratelimit-reset(?:-(?:requests|tokens|after|day|hour|minute))?(?:-(?:requests|tokens|day|hour|minute))?$/;
const anthropicReset = /^anthropic-ratelimit-(?:requests|tokens|input-tokens|output-tokens|unified)-reset$/;

/** The IETF's one header for all limits, as Hugging Face sends it: `"api";r=0;t=55, "pages";r=9;t=12`, what remains and when it is back. */
function resetOfPolicies(header = ""): number | undefined {
  const exhausted = header.split(",").filter((policy) => /;\s*r=0\b/.test(policy));
  const resets = exhausted.map((policy) => Number(/;\s*t=(\d+)/.exec(policy)?.[1] ?? 0));
  return resets.length === 0 ? undefined : Math.max(...resets);
}

/** "Please try again in 1.5s", "retry in 17.3s", "try again in 2m30s", "retry after 20 seconds", "wait 15 seconds". */
function prose(message: string): number | undefined {
  const found =
    /(?:try again|retry|wait)\s+(?:(?:in|after|for)\s+)?((?:\d+(?:\.\d+)?(?:ms|h|m|s)(?![a-z]))+|\d+(?:\.\d+)?\s*(?:milliseconds?|seconds?|minutes?|hours?|sec|min)\b)/i.exec(
      message,
    );
  if (found?.[1] === undefined) return undefined;
  const word = /^(\d+(?:\.\d+)?)\s*(milli|sec|min|hour)/i.exec(found[1]);
  if (word === null) return duration(found[1]);
  const factor = { milli: 0.001, sec: 1, min: 60, hour: 3600 }[(word[2] ?? "sec").toLowerCase()] ?? 1;
  return Number(word[1]) * factor;
}
