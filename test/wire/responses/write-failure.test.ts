import { describe, expect, it } from "vitest";
import { type FailureKind, failureKinds } from "../../../src/model/failure.ts";
import { writeFailure as writeChatFailure } from "../../../src/wire/chat/write-failure.ts";
import { errorInReply, writeFailure } from "../../../src/wire/responses/write-failure.ts";

const told = (kind: FailureKind, more: object = {}) => writeFailure({ kind, origin: "provider", message: "why", ...more }, "req_1");

it("a failure says who said it, once", () => {
  const provider = "box at http://box:1";
  const failure = { kind: "upstream", origin: "provider", message: "why", provider } as const;
  expect(writeFailure(failure, "req_1").body).toMatchObject({ error: { message: `${provider}: why` } });
  expect(errorInReply(failure).message).toBe(`${provider}: why`);
  expect(errorInReply({ ...failure, message: `${provider} refused the key: why` }).message).toBe(`${provider} refused the key: why`);
});

describe("a failure before the reply", () => {
  it.each(failureKinds)("%s keeps its message in the wire's shape and names the request", (kind) => {
    const { headers, body } = told(kind);
    expect(headers["x-request-id"]).toBe("req_1");
    expect(Object.keys((body as { error: object }).error)).toEqual(["message", "type", "param", "code"]);
    expect(body).toMatchObject({ error: { message: expect.stringContaining("why") } });
  });

  it.each([
    ["bad-request", 400, "invalid_prompt"],
    ["unauthorized", 400, "invalid_prompt"],
    ["forbidden", 400, "invalid_prompt"],
    ["not-found", 400, "invalid_prompt"],
    ["filtered", 400, "invalid_prompt"],
    ["too-long", 400, "context_length_exceeded"],
    ["too-large", 400, "invalid_prompt"],
    ["refused-by-policy", 400, "invalid_prompt"],
    ["out-of-quota", 429, "insufficient_quota"],
    ["rate-limited", 429, "rate_limit_exceeded"],
    ["conflict", 409, "server_error"],
    ["overloaded", 503, "server_error"],
    ["upstream", 502, "server_error"],
    ["unreachable", 502, "server_error"],
    ["timed-out", 504, "server_error"],
  ] as const)("%s is %i with code %s", (kind, status, code) => {
    expect(told(kind)).toMatchObject({ status, body: { error: { code } } });
  });

  it("a prompt that does not fit together with the output is too long on both of OpenAI's wires", () => {
    const failure = {
      kind: "refused-capability",
      origin: "provider",
      message: "However, you requested 9000 tokens (8000 in the messages, 1000 in the completion).",
      refused: { field: "max_tokens", capability: "max_tokens_context_overflow" },
    } as const;
    const expected = { status: 400, body: { error: { code: "context_length_exceeded", param: "max_tokens" } } };
    for (const audience of ["agent", "program"] as const) expect(writeFailure(failure, "req_1", audience)).toMatchObject(expected);
    expect(errorInReply(failure).code).toBe("context_length_exceeded");
    expect(writeChatFailure(failure, "req_1")).toMatchObject(expected);
  });

  it("keeps the wait, in whole seconds, and gives one where a 429 would otherwise be final", () => {
    expect(told("rate-limited", { retryAfter: 1.2 }).headers["retry-after"]).toBe("2");
    expect(told("overloaded", { retryAfter: 30 }).headers["retry-after"]).toBe("30");
    expect(told("rate-limited").headers["retry-after"]).toBe("5");
    expect(told("upstream").headers).not.toHaveProperty("retry-after");
  });

  it("ends the turn where Codex would wait for many minutes and not say for what, with the wait in words", () => {
    const final = (message: string) => ({ status: 400, body: { error: { code: "invalid_prompt", message } } });
    expect(told("rate-limited", { retryAfter: 3600 })).toMatchObject(final("why. Please try again in 3600s."));
    const message = "Rate limit reached on tokens per day (TPD): Limit 100000. Please try again in 27m12s.";
    expect(told("rate-limited", { retryAfter: 1632, message })).toMatchObject(final(message));
    expect(told("rate-limited", { retryAfter: 300 }).status).toBe(429);
    expect(writeFailure({ kind: "rate-limited", origin: "provider", message: "why", retryAfter: 3600 }, "req_1", "program").status).toBe(
      429,
    );
  });

  it.each([
    ["unauthorized", 401, "invalid_api_key"],
    ["forbidden", 403, "permission_denied"],
    ["not-found", 404, "model_not_found"],
  ] as const)("%s by fcc itself keeps its status", (kind, status, code) => {
    expect(told(kind, { origin: "fcc" })).toMatchObject({ status, body: { error: { code } } });
    // What a client asks for in vain by an address of its own is no model.
    const ofAddress = kind === "not-found" ? null : code;
    expect(told(kind, { origin: "client" })).toMatchObject({ status, body: { error: { code: ofAddress } } });
  });

  it.each([
    ["unauthorized", 401, "invalid_api_key"],
    ["forbidden", 403, "permission_denied"],
    ["not-found", 404, "model_not_found"],
    ["too-large", 413, "request_too_large"],
    ["refused-by-policy", 403, "refused_by_policy"],
    ["bad-request", 400, "invalid_prompt"],
    ["too-long", 400, "context_length_exceeded"],
    ["upstream", 502, "server_error"],
  ] as const)("%s of a provider is told to a program by its own status", (kind, status, code) => {
    const answer = writeFailure({ kind, origin: "provider", message: "why" }, "req_1", "program");
    expect(answer).toMatchObject({ status, body: { error: { code } } });
  });

  it("says an overflow in OpenAI's own sentence, by which programs find it", () => {
    const said = (message: string) => (told("too-long", { message }).body as { error: { message: string } }).error.message;
    const own = "This model's maximum context length is 8192 tokens.";
    expect(said(own)).toBe(own);
    expect(said("prompt is too long")).toMatch(/^Your input exceeds the context window of this model\. .*\(prompt is too long\)$/);
  });

  it("leaves waiting to an SDK, but where no other try helps", () => {
    const toProgram = (kind: FailureKind, more: object = {}) =>
      writeFailure({ kind, origin: "provider", message: "why", ...more }, "req_1", "program").headers;
    expect(toProgram("rate-limited")).not.toHaveProperty("retry-after");
    expect(toProgram("rate-limited")).not.toHaveProperty("x-should-retry");
    expect(toProgram("out-of-quota", { retry: true })["x-should-retry"]).toBe("false");
    expect(toProgram("upstream", { retry: false })["x-should-retry"]).toBe("false");
    expect(toProgram("bad-request", { retry: true })["x-should-retry"]).toBe("true");
    const final = told("upstream", { retry: false });
    expect(final).toMatchObject({ status: 400, body: { error: { code: "invalid_prompt" } } });
    expect(final.headers).not.toHaveProperty("x-should-retry");
  });

  it("keeps for a program what the provider calls it, and where it is", () => {
    const said = { code: "string_above_max_length", param: "input[0].content" };
    const toProgram = (kind: FailureKind, more: object) =>
      writeFailure({ kind, origin: "provider", message: "why", ...more }, "req_1", "program");
    expect(toProgram("bad-request", said)).toMatchObject({ body: { error: said } });
    const where = { code: "unsupported_country_region_territory" };
    expect(toProgram("forbidden", where)).toMatchObject({ status: 403, body: { error: where } });
    expect(told("bad-request", said)).toMatchObject({ body: { error: { code: "invalid_prompt" } } });
  });

  it("names what was refused", () => {
    expect(told("bad-request", { refused: { field: "input" } })).toMatchObject({ body: { error: { param: "input" } } });
    expect(told("bad-request", { refused: { field: "previous_response_id" } })).toMatchObject({
      status: 400,
      body: { error: { code: "previous_response_not_found" } },
    });
  });
});

describe("a failure inside a stream", () => {
  const inBand = (kind: FailureKind, more: object = {}) => errorInReply({ kind, origin: "provider", message: "why", ...more });

  it.each([
    ["bad-request", "invalid_prompt"],
    ["unauthorized", "invalid_prompt"],
    ["filtered", "invalid_prompt"],
    ["too-long", "context_length_exceeded"],
    ["rate-limited", "rate_limit_exceeded"],
    ["out-of-quota", "insufficient_quota"],
    ["overloaded", "server_error"],
    ["upstream", "server_error"],
    ["cut-off", "server_error"],
  ] as const)("%s has the code %s", (kind, code) => {
    expect(inBand(kind)).toEqual({ code, message: "why" });
  });

  it.each<[kind: FailureKind, code: string, more?: object]>([
    ["overloaded", "server_is_overloaded"],
    ["unauthorized", "invalid_api_key"],
    ["bad-request", "invalid_type", { code: "invalid_type" }],
  ])("tells a program of %s by the code that it has before the reply", (kind, code, more = {}) => {
    const failure = { kind, origin: "provider", message: "why", ...more } as const;
    for (const audience of ["program", "unnamed"] as const) expect(errorInReply(failure, audience).code).toBe(code);
  });

  it.each(["rate-limited", "overloaded"] as const)("%s says the wait in the one form that is read", (kind) => {
    const code = "rate_limit_exceeded";
    expect(inBand(kind, { retryAfter: 1.5 })).toEqual({ code, message: "why. Please try again in 1.5s." });
    expect(inBand(kind, { retryAfter: 3, message: "Try again in 3 s." })).toEqual({ code, message: "Try again in 3 s." });
    expect(inBand(kind, { retryAfter: 3600 })).toEqual({ code: "invalid_prompt", message: "why. Please try again in 3600s." });
    expect(errorInReply({ kind, origin: "provider", message: "why", retryAfter: 3600 }, "program").code).toBe(code);
  });
});
