import { describe, expect, it } from "vitest";
import { type FailureKind, failureKinds } from "../../../src/model/failure.ts";
import { tell } from "../../../src/wire/responses/tell.ts";

const told = (kind: FailureKind, more: object = {}) => tell({ kind, origin: "provider", message: "why", ...more }, "req_1");

describe("a failure before the reply", () => {
  it.each(failureKinds)("%s keeps its message in the wire's shape and names the request", (kind) => {
    const { headers, body } = told(kind);
    expect(headers["x-request-id"]).toBe("req_1");
    expect(Object.keys((body as { error: object }).error)).toEqual(["message", "type", "param", "code"]);
    expect(body).toMatchObject({ error: { message: "why" } });
  });

  it.each([
    ["bad-request", 400, null],
    ["unauthorized", 400, "invalid_api_key"],
    ["forbidden", 400, "permission_denied"],
    ["not-found", 404, "model_not_found"],
    ["too-long", 400, "context_length_exceeded"],
    ["too-large", 400, "request_too_large"],
    ["refused-by-policy", 400, "refused_by_policy"],
    ["out-of-quota", 429, "insufficient_quota"],
    ["rate-limited", 429, "rate_limit_exceeded"],
    ["overloaded", 503, "server_is_overloaded"],
    ["upstream", 502, "server_error"],
    ["unreachable", 502, "server_error"],
    ["timed-out", 504, "server_error"],
  ] as const)("%s is %i with code %s", (kind, status, code) => {
    expect(told(kind)).toMatchObject({ status, body: { error: { code } } });
  });

  it("keeps the wait, in whole seconds, and gives one where a 429 would otherwise be final", () => {
    expect(told("rate-limited", { retryAfter: 1.2 }).headers["retry-after"]).toBe("2");
    expect(told("overloaded", { retryAfter: 30 }).headers["retry-after"]).toBe("30");
    expect(told("rate-limited").headers["retry-after"]).toBe("5");
    expect(told("upstream").headers).not.toHaveProperty("retry-after");
  });

  it("tells a stranger at fcc's own door so", () => {
    expect(told("unauthorized", { origin: "fcc" }).status).toBe(401);
    expect(told("forbidden", { origin: "fcc" }).status).toBe(403);
  });

  it("names what was refused", () => {
    expect(told("bad-request", { refused: { field: "input" } })).toMatchObject({ body: { error: { param: "input" } } });
    expect(told("bad-request", { refused: { field: "previous_response_id" } })).toMatchObject({
      status: 400,
      body: { error: { code: "previous_response_not_found" } },
    });
  });
});
