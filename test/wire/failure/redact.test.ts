import { describe, expect, it } from "vitest";
import { redact } from "../../../src/wire/failure/redact.ts";
import { readFailure } from "../../../src/wire/failure.ts";

describe("secrets", () => {
  it.each([
    ["Incorrect API key provided: sk-proj-abcDEF123456. You can find", "abcDEF123456"],
    ["Incorrect API key provided: abcd1234efgh", "abcd1234efgh"],
    ["failed: https://user:hunter2secret@host/v1", "hunter2secret"],
    ["POST https://host/v1?key=AIzaSyA1234567890abcdef failed", "AIzaSyA1234567890abcdef"],
    ["GET https://host/v1?x=1&api_key=topsecret99 failed", "topsecret99"],
    ["header Authorization: Bearer abc.def-ghi123", "abc.def-ghi123"],
    ["token nvapi-1234567890abcdef rejected", "1234567890abcdef"],
    ["gsk_1234567890abcdef", "1234567890abcdef"],
    ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdef", "eyJzdWIiOiIxIn0"],
    ['{"x-api-key": "qwertyuiop12"}', "qwertyuiop12"],
  ])("%s", (text, secret) => {
    expect(redact(text)).not.toContain(secret);
    expect(readFailure(401, {}, JSON.stringify({ error: { message: text } }), 0).message).not.toContain(secret);
  });

  it.each([
    "You didn't provide an API key. Provide it in the Authorization header",
    "prompt is too long: 210000 tokens > 200000 maximum",
    "Invalid API key format",
    "Bearer token required",
    "model sk not found",
  ])("plain words stay: %s", (text) => {
    expect(redact(text)).toBe(text);
  });
});
