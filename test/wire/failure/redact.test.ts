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
    ["x-api-key: 'qwertyuiop12'", "qwertyuiop12"],
    ["the access token: qwertyuiop12", "qwertyuiop12"],
    ["auth_token=qwertyuiop12", "qwertyuiop12"],
    ["the secret is wrong: secret = qwertyuiop12", "qwertyuiop12"],
    ["PASSWORD: qwertyuiop12", "qwertyuiop12"],
    ["authorization: qwertyuiop12", "qwertyuiop12"],
    ["sent basic dXNlcjpwYXNz", "dXNlcjpwYXNz"],
    ["https://token-without-a-password@host/v1", "token-without-a-password"],
    ["a token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0", "eyJzdWIiOiIxIn0"],
  ])("%s", (text, secret) => {
    expect(redact(text)).not.toContain(secret);
    expect(readFailure({ status: 401, headers: {}, text: JSON.stringify({ error: { message: text } }) }, 0).message).not.toContain(secret);
  });

  it.each(["key", "api_key", "x-api-key", "token", "access_token", "secret", "client_secret", "sig", "signature", "password"])(
    "the value of ?%s= in an address, to the next one",
    (name) => {
      expect(redact(`GET https://host/v1?x=1&${name}=p%2Fq/r&alt=sse failed`)).toBe(
        `GET https://host/v1?x=1&${name}=[redacted]&alt=sse failed`,
      );
      expect(redact(`GET "https://host/v1?${name}=p%2Fq/r" failed`)).toBe(`GET "https://host/v1?${name}=[redacted]" failed`);
    },
  );

  it.each(["sk-", "sk_", "pk-", "rk_", "nvapi-", "xai-", "csk-", "fw_", "pplx-", "tgp_", "vck_", "github_pat_"])(
    "what begins with %s, where nothing says that it is a key",
    (prefix) => {
      expect(redact(`no access for ${prefix}a1B2c3D4, sorry`)).toBe("no access for [redacted], sorry");
    },
  );

  it.each(["gsk_", "hf_", "r8_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "AIza", "ya29.", "AKIA", "ASIA", "ABSK"])(
    "what begins with %s, likewise",
    (prefix) => {
      expect(redact(`no access for ${prefix}a1B2c3D4, sorry`)).toBe("no access for [redacted], sorry");
    },
  );

  it.each([
    "You didn't provide an API key. Provide it in the Authorization header",
    "prompt is too long: 210000 tokens > 200000 maximum",
    "Invalid API key format",
    "Bearer token required",
    "model sk not found",
    "risk-adjusted-models are not served",
    "Bearer authentication required",
    "Bearer error: the header is not there",
    "Bearer token: it is not there",
    "give the header Authorization: Bearer with a key",
    "a task_hf_something stays",
    "password: short",
  ])("plain words stay: %s", (text) => {
    expect(redact(text)).toBe(text);
  });
});
