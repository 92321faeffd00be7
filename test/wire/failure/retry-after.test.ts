import { describe, expect, it } from "vitest";
import { readFailure } from "../../../src/wire/failure.ts";

const now = 1_795_000_000;
const iso = (seconds: number) => new Date((now + seconds) * 1000).toISOString();
const http = (seconds: number) => new Date((now + seconds) * 1000).toUTCString();
const wait = (headers: Record<string, string>, body: unknown = "") =>
  readFailure({ status: 429, headers, text: typeof body === "string" ? body : JSON.stringify(body) }, now).retryAfter;

describe("how long to wait", () => {
  it.each<[name: string, headers: Record<string, string>, body: unknown, seconds: number | undefined]>([
    ["seconds", { "retry-after": "17" }, "", 17],
    ["an HTTP date", { "retry-after": http(30) }, "", 30],
    ["milliseconds, which are more exact", { "retry-after-ms": "1500", "retry-after": "2" }, "", 1.5],
    ["a duration with a unit", { "retry-after": "1m30s" }, "", 90],
    [
      "OpenAI's resets: the exhausted one",
      {
        "x-ratelimit-remaining-requests": "10",
        "x-ratelimit-reset-requests": "6m0s",
        "x-ratelimit-remaining-tokens": "0",
        "x-ratelimit-reset-tokens": "120ms",
      },
      "",
      0.12,
    ],
    ["a reset in Unix seconds", { "x-ratelimit-reset": String(now + 40) }, "", 40],
    ["a reset in Unix milliseconds (OpenRouter)", { "x-ratelimit-reset": String((now + 40) * 1000) }, "", 40],
    ["a reset in milliseconds", { "x-ratelimit-reset-ms": "5000" }, "", 5],
    ["a reset that LiteLLM hands on", { "llm_provider-x-ratelimit-reset-requests": "1m30s" }, "", 90],
    ["the reset of the draft", { "ratelimit-reset": "25" }, "", 25],
    ["Anthropic's reset", { "anthropic-ratelimit-tokens-reset": iso(12) }, "", 12],
    [
      "Gemini's RetryInfo",
      {},
      [{ error: { code: 429, message: "x", status: "RESOURCE_EXHAUSTED", details: [{ "@type": "RetryInfo", retryDelay: "17s" }] } }],
      17,
    ],
    [
      "OpenRouter's own headers in the body",
      {},
      { error: { message: "x", metadata: { headers: { "X-RateLimit-Reset": String((now + 40) * 1000) } } } },
      40,
    ],
    [
      "OpenRouter's seconds of the server behind it",
      {},
      { error: { message: "x", metadata: { raw: "busy", retry_after_seconds: 12 } } },
      12,
    ],
    ["a field of the body", {}, { error: { message: "x", retry_after: 9 } }, 9],
    ["a field of the body in camel case", {}, { error: { message: "x", retryAfter: 9 } }, 9],
    ["a field of a ChatGPT plan's body", {}, { error: { message: "x", resets_in_seconds: 9 } }, 9],
    ["a field of CLIProxyAPI's body", {}, { error: { message: "x", code: "model_cooldown", reset_seconds: 9 } }, 9],
    ["a field of the body in milliseconds", {}, { error: { message: "x", retry_after_ms: 4000 } }, 4],
    ["the draft's one header: the exhausted limit", { ratelimit: '"api";r=0;t=55, "pages";r=9;t=120' }, "", 55],
    ["the draft's one header, with nothing exhausted", { ratelimit: '"pages";r=9;t=120' }, "", undefined],
    ["a sentence without a preposition", {}, { error: { message: "Please wait 15 seconds before retrying" } }, 15],
    ["a sentence", {}, { error: { message: "Rate limit reached. Please try again in 1.5s. Visit https://x" } }, 1.5],
    ["a sentence with minutes", {}, { error: { message: "Please try again in 2m30.5s" } }, 150.5],
    ["a sentence in words", {}, { error: { message: "retry after 20 seconds" } }, 20],
    ["the draft's one header: the longest of what is exhausted", { ratelimit: '"a";r=0;t=5, "b";r=0;t=55, "c";r=0' }, "", 55],
    ["the longest reset, where nothing is said to be exhausted", { "x-ratelimit-reset-tokens": "9", "ratelimit-reset": "5" }, "", 9],
    ["an exhausted limit that is back at once, and another", { "x-ratelimit-reset-tokens": "0", "x-ratelimit-reset-requests": "7" }, "", 7],
    [
      "the longest of what is exhausted",
      {
        ...{ "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "8" },
        ...{ "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "3" },
        ...{ "x-ratelimit-remaining-day": "1", "x-ratelimit-reset-day": "99" },
      },
      "",
      8,
    ],
    ["no milliseconds in words", { "retry-after-ms": "about 900", "x-ratelimit-reset-ms": "900 or so", "retry-after": "2" }, "", 2],
    ["no more than is over, and then the next that is said", { "retry-after": "0", "ratelimit-reset": "4" }, "", 4],
    ["an insane number", { "retry-after": "99999999" }, "", 3600],
    ["a past date", { "retry-after": http(-30) }, "", undefined],
    ["nonsense", { "retry-after": "soon" }, "", undefined],
    ["a negative number", { "retry-after": "-5" }, "", undefined],
    ["nothing", {}, "", undefined],
  ])("%s", (_, headers, body, seconds) => {
    const found = wait(headers, body);
    if (seconds === undefined) expect(found).toBeUndefined();
    else expect(found).toBeCloseTo(seconds, 3);
  });

  it.each([
    ...["ratelimit-reset", "x-ratelimit-reset", "x-ratelimit-reset-requests", "x-ratelimit-reset-tokens", "x-ratelimit-reset-after"],
    ...["x-ratelimit-reset-day", "x-ratelimit-reset-hour", "x-ratelimit-reset-minute", "x-ratelimit-reset-day-requests"],
    ...["x-ratelimit-reset-requests-day", "x-ratelimit-reset-requests-hour", "x-ratelimit-reset-tokens-minute"],
    ...["x-ratelimit-reset-minute-tokens", "llm_provider-x-ratelimit-reset-tokens"],
    ...["requests", "tokens", "input-tokens", "output-tokens", "unified"].map((limit) => `anthropic-ratelimit-${limit}-reset`),
  ])("until what %s says", (name) => {
    expect(wait({ [name]: iso(12) })).toBe(12);
    expect(wait({ [`their-${name}`]: iso(12), [`${name}-of-theirs`]: iso(12) })).toBeUndefined();
  });

  it.each([
    ["Please wait for 90s.", 90],
    ["TRY AGAIN IN 2 MINUTES", 120],
    ["Please try again in 1 minute.", 60],
    ["Try again in 0.5 hours", 1800],
    ["try again in 1 hour", 3600],
    ["Try again in 20 sec.", 20],
    ["try again in 2 min", 120],
    ["Please retry in 250ms.", 0.25],
    ["Please retry in 1500 milliseconds.", 1.5],
    ["Please try again in 1h0m1s.", 3600],
    ["Please try again in 1h.", 3600],
    ["Please retry in 15 moments.", undefined],
    ["I waited 15 minutes before it was busy.", undefined],
    ["the limit of 15 seconds", undefined],
  ])("what is said: %s", (message, seconds) => {
    expect(wait({}, { error: { message } })).toBe(seconds);
  });
});
