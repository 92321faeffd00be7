import { describe, expect, it } from "vitest";
import { type Failure, failureKinds } from "../../../src/model/failure.ts";
import { messagesClient } from "../../../src/wire/messages/client.ts";

const tell = (failure: Partial<Failure>) =>
  messagesClient.writeFailure({ kind: "upstream", origin: "provider", message: "boom", ...failure }, "req_7");

describe("how a failure is told", () => {
  it.each<[name: string, failure: Partial<Failure>, status: number, type: string, headers: Record<string, string>]>([
    ["a bad request", { kind: "bad-request" }, 400, "invalid_request_error", {}],
    ["a key that the provider refuses", { kind: "unauthorized" }, 400, "policy_blocked", { "x-should-retry": "false" }],
    ["a right that the key has not", { kind: "forbidden" }, 400, "policy_blocked", { "x-should-retry": "false" }],
    ["fcc's own token missing", { kind: "unauthorized", origin: "fcc" }, 401, "authentication_error", { "x-should-retry": "false" }],
    ["fcc's own refusal of a host", { kind: "forbidden", origin: "fcc" }, 403, "permission_error", { "x-should-retry": "false" }],
    ["a model that is not there", { kind: "not-found" }, 404, "not_found_error", {}],
    ["a body too large", { kind: "too-large" }, 413, "request_too_large", {}],
    ["a filter", { kind: "filtered" }, 400, "policy_blocked", { "x-should-retry": "false" }],
    ["a rate", { kind: "rate-limited", retryAfter: 16.2 }, 429, "rate_limit_error", { "retry-after": "17" }],
    ["a rate without a time", { kind: "rate-limited" }, 429, "rate_limit_error", {}],
    [
      "a limit that the provider calls final",
      { kind: "rate-limited", retryAfter: 600, retry: false },
      429,
      "rate_limit_error",
      { "retry-after": "600", "x-should-retry": "false" },
    ],
    ["what the provider wants sent again", { kind: "upstream", retry: true }, 500, "api_error", { "x-should-retry": "true" }],
    ["a wait of a blink", { kind: "rate-limited", retryAfter: 0.12 }, 429, "rate_limit_error", { "retry-after": "1" }],
    ["no money left", { kind: "out-of-quota" }, 402, "billing_error", { "x-should-retry": "false" }],
    ["a busy server", { kind: "overloaded", retryAfter: 5 }, 529, "overloaded_error", { "retry-after": "5" }],
    ["another request in the way", { kind: "conflict" }, 409, "conflict_error", {}],
    ["a time-out", { kind: "timed-out" }, 504, "timeout_error", {}],
    ["a server's own fault", { kind: "upstream" }, 500, "api_error", {}],
    ["no server", { kind: "unreachable" }, 529, "overloaded_error", {}],
    ["a cut", { kind: "cut-off" }, 500, "api_error", {}],
    ["outside the boundary", { kind: "refused-by-policy", origin: "fcc" }, 400, "policy_blocked", { "x-should-retry": "false" }],
  ])("%s", (_, failure, status, type, headers) => {
    expect(tell(failure)).toEqual({
      status,
      headers: { "request-id": "req_7", ...headers },
      body: { type: "error", error: { type, message: "boom" }, request_id: "req_7" },
    });
  });

  it.each<[failure: Partial<Failure>, status: number, type: string, said: string]>([
    [{ kind: "unauthorized" }, 401, "authentication_error", "boom"],
    [{ kind: "forbidden" }, 403, "permission_error", "boom"],
    [{ kind: "not-found" }, 404, "not_found_error", "boom"],
    [{ kind: "refused-capability", refused: { capability: "image_block" } }, 400, "invalid_request_error", "boom"],
    [{ kind: "filtered" }, 400, "policy_blocked", "boom"],
  ])("%j is told to a program as what it is", (failure, status, type, said) => {
    const answer = messagesClient.writeFailure({ kind: "upstream", origin: "provider", message: "boom", ...failure }, "req_7", "program");
    expect(answer).toMatchObject({ status, body: { error: { type, message: said } } });
  });

  const message = (failure: Partial<Failure>) => (tell(failure).body as { error: { message: string } }).error.message;

  it.each<[limit: NonNullable<Failure["limit"]> | undefined, text: string | RegExp]>([
    [{ used: 15031, max: 8192 }, "prompt is too long: 15031 tokens > 8192 maximum"],
    [{ max: 8192 }, /^prompt is too long: .*8192/],
    [{ used: 5, max: 10 }, /^prompt is too long: (?!5 tokens)/],
    [undefined, /^prompt is too long/],
  ])("too long, with %j", (limit, text) => {
    expect(message({ kind: "too-long", provider: "lab (http://x)", ...(limit && { limit }) })).toEqual(
      typeof text === "string" ? text : expect.stringMatching(text),
    );
  });

  it("a refused key is told without the words that Claude Code takes for its own login", () => {
    const failure: Failure = { kind: "unauthorized", origin: "provider", message: "lab refused the key: invalid x-api-key" };
    expect(message(failure)).toBe("lab refused the key: invalid API key");
    const { body } = messagesClient.writeFailure(failure, "req_7", "program");
    expect(body).toMatchObject({ error: { message: failure.message } });
  });

  it("a capability is the token alone; a refusal without one is the provider's sentence", () => {
    expect(message({ kind: "refused-capability", provider: "lab", refused: { capability: "image_block", field: "x" } })).toBe(
      "capability_rejected: image_block",
    );
    expect(message({ kind: "refused-capability", refused: { field: "x" } })).toBe("boom");
  });

  it("whoever does not say what it is gets the provider's own status, and the token", () => {
    const tell = (failure: Partial<Failure> & Pick<Failure, "kind">) =>
      messagesClient.writeFailure({ origin: "provider", message: "boom", ...failure }, "req_7", "unnamed");
    expect(tell({ kind: "unauthorized" })).toMatchObject({ status: 401, body: { error: { type: "authentication_error" } } });
    expect(tell({ kind: "refused-capability", refused: { capability: "image_block" } }).body).toMatchObject({
      error: { message: "capability_rejected: image_block" },
    });
  });

  it("too much output beside the prompt is the API's own sentence where all of its figures are known", () => {
    const of = (limit: Failure["limit"]) =>
      message({ kind: "refused-capability", refused: { capability: "max_tokens_context_overflow" }, ...(limit && { limit }) });
    expect(of({ used: 38000, output: 32000, max: 65536 })).toMatch(
      /^input length and `max_tokens` exceed context limit: 38000 \+ 32000 > 65536, /,
    );
    expect(of({ output: 32000, max: 65536 })).toBe("capability_rejected: max_tokens_context_overflow");
    expect(of(undefined)).toBe("capability_rejected: max_tokens_context_overflow");
  });

  it("the provider is named, once", () => {
    expect(message({ provider: "lab (http://x)" })).toBe("lab (http://x): boom");
    expect(message({ provider: "lab", message: "lab refused the key in LAB_KEY" })).toBe("lab refused the key in LAB_KEY");
  });

  it.each(failureKinds)("%s has a status and a type for both origins", (kind) => {
    for (const origin of ["client", "fcc", "provider"] as const) {
      const { status, body } = tell({ kind, origin });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(body).toMatchObject({
        type: "error",
        error: { type: expect.stringMatching(/^[a-z_]+$/), message: expect.stringMatching(/./) },
      });
    }
  });
});
