import { describe, expect, it } from "vitest";
import { anthropic } from "../../src/providers/anthropic.ts";
import { credentials } from "../../src/route/credentials.ts";
import { endpoints } from "../../src/route/endpoint.ts";
import { answerHeaders, nativeHeaders, translatedHeaders } from "../../src/route/headers.ts";
import { providerAt } from "../support/provider.ts";

const at = (wire: "messages" | "chat" | "responses", baseUrl: string) =>
  endpoints(providerAt("http://x", { speaks: { [wire]: { baseUrl } } }), wire);

describe("where a provider answers", () => {
  it.each([
    ["messages", "http://h:1", ["http://h:1/v1/messages"]],
    ["messages", "http://h:1/", ["http://h:1/v1/messages"]],
    ["messages", "http://h:1/v1", ["http://h:1/v1/messages"]],
    ["messages", "http://h:1/v1/", ["http://h:1/v1/messages"]],
    ["messages", "https://api.deepseek.com/anthropic", ["https://api.deepseek.com/anthropic/v1/messages"]],
    ["messages", "http://h/v1/messages", ["http://h/v1/messages"]],
    ["chat", "http://h:1/v1", ["http://h:1/v1/chat/completions"]],
    ["chat", "http://h:1/v1/", ["http://h:1/v1/chat/completions"]],
    ["chat", "http://h:1", ["http://h:1/v1/chat/completions", "http://h:1/chat/completions"]],
    ["chat", "http://h/v1/chat/completions", ["http://h/v1/chat/completions"]],
    ["chat", "https://api.z.ai/api/paas/v4", ["https://api.z.ai/api/paas/v4/chat/completions"]],
    [
      "chat",
      "https://generativelanguage.googleapis.com/v1beta/openai/",
      ["https://generativelanguage.googleapis.com/v1beta/openai/chat/completions"],
    ],
    [
      "chat",
      "https://models.github.ai/inference",
      ["https://models.github.ai/inference/chat/completions", "https://models.github.ai/inference/v1/chat/completions"],
    ],
    ["responses", "https://openrouter.ai/api/v1", ["https://openrouter.ai/api/v1/responses"]],
    ["responses", "http://h:1", ["http://h:1/v1/responses", "http://h:1/responses"]],
    ["chat", "https://h/v1?api-version=2", ["https://h/v1/chat/completions?api-version=2"]],
  ] as const)("%s at %s", (wire, base, expected) => {
    expect(at(wire, base)).toEqual(expected);
  });

  it("is nowhere on a wire that it does not speak, or at an address that is none", () => {
    expect(endpoints(providerAt("http://x"), "responses")).toEqual([]);
    expect(at("chat", "not a url")).toEqual([]);
  });
});

describe("credentials", () => {
  it.each([
    [undefined, "chat", { authorization: "Bearer k" }],
    ["bearer", "messages", { authorization: "Bearer k" }],
    ["x-api-key", "messages", { "x-api-key": "k" }],
    ["x-api-key", "chat", { authorization: "Bearer k" }],
    ["api-key", "chat", { "api-key": "k" }],
  ] as const)("%s on %s", (auth, wire, expected) => {
    const provider = providerAt("http://x", {}, auth === undefined ? {} : { auth });
    expect(credentials(provider, wire, "k")).toEqual(expected);
    expect(credentials(provider, wire, undefined)).toEqual({});
  });

  it("give way to a header that configuration sets", () => {
    const provider = providerAt("http://x", { headers: { Authorization: "Custom" } });
    expect(translatedHeaders({ provider, wire: "chat", key: "k" }, true).authorization).toBe("Custom");
  });
});

describe("headers of bytes that pass", () => {
  const provider = providerAt("http://x");

  it.each([
    ["gzip, deflate, br, zstd", "gzip, br"],
    ["deflate, zstd", "identity"],
    ["gzip;q=0, br;q=0.5", "br"],
    [undefined, "identity"],
  ])("accept-encoding %s is narrowed to %s", (offered, narrowed) => {
    expect(nativeHeaders({ provider, wire: "messages" }, {}, { "accept-encoding": offered })["accept-encoding"]).toBe(narrowed);
  });

  it.each(["2026-10-21", undefined])("keep the client's own version of the API, where it says one (%s)", (version) => {
    const official = providerAt("http://x", { headers: anthropic.headers ?? {} }, anthropic);
    const given = { "anthropic-version": version };
    expect(nativeHeaders({ provider: official, wire: "messages", key: "k" }, official.quirks, given)["anthropic-version"]).toBe(
      version ?? "2023-06-01",
    );
  });

  it("say the version that the provider takes, whatever the client's own is", () => {
    for (const version of ["2026-10-21", "2023-06-01, 2023-06-01"]) {
      const given = { "anthropic-version": version };
      expect(nativeHeaders({ provider, wire: "messages" }, { apiVersion: "2023-06-01" }, given)).toMatchObject({
        "anthropic-version": "2023-06-01",
      });
    }
    expect(nativeHeaders({ provider, wire: "responses" }, { apiVersion: "2023-06-01" }, {})).not.toHaveProperty("anthropic-version");
  });

  it("leave out the one beta that a provider refuses", () => {
    const betas = (refusedBetas: string[], given: string) =>
      nativeHeaders({ provider, wire: "messages" }, { refusedBetas }, { "anthropic-beta": given })["anthropic-beta"];
    expect(betas(["b"], "a,b,c")).toBe("a,c");
    expect(betas(["b"], "a, b")).toBe("a");
    expect(betas(["b"], "b")).toBeUndefined();
  });

  it("leave the betas out where a provider refuses them", () => {
    expect(nativeHeaders({ provider, wire: "messages" }, { betas: "none" }, { "anthropic-beta": "a" })["anthropic-beta"]).toBeUndefined();
  });

  it("keep what the client says of itself, its conversation and its request, word for word", () => {
    const given = Object.fromEntries(
      [
        ...["accept", "user-agent", "anthropic-version", "anthropic-beta", "anthropic-dangerous-direct-browser-access", "x-app"],
        ...["openai-beta", "originator", "session-id", "session_id", "thread-id", "conversation_id", "x-client-request-id"],
        ...["idempotency-key", "x-stainless-lang", "x-claude-code-session-id", "x-codex-turn-metadata", "x-openai-subagent"],
      ].map((name) => [name, `of ${name}`]),
    );
    expect(nativeHeaders({ provider, wire: "messages", key: "k" }, {}, { ...given, "my-x-codex-key": "no", "x-other": "no" })).toEqual({
      ...given,
      "content-type": "application/json",
      "accept-encoding": "identity",
      authorization: "Bearer k",
    });
    const bare = { "content-type": "application/json", "accept-encoding": "identity" };
    expect(nativeHeaders({ provider, wire: "chat" }, {}, {})).toEqual(bare);
    expect(nativeHeaders({ provider, wire: "messages" }, {}, {})).toEqual({ ...bare, "anthropic-version": "2023-06-01" });
  });

  it("keep none of the client's credentials, and none of the connection", () => {
    const given = Object.fromEntries(
      [
        "authorization",
        "x-api-key",
        "api-key",
        "cookie",
        "host",
        "connection",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "proxy-authorization",
        "content-length",
        "content-encoding",
        "expect",
        "origin",
        "referer",
        "forwarded",
      ].map((name) => [name, "secret"]),
    );
    expect(JSON.stringify(nativeHeaders({ provider, wire: "messages" }, {}, given))).not.toContain("secret");
  });

  it("of an answer leave out what is the provider's own", () => {
    expect(
      answerHeaders({
        "content-type": "a",
        "content-encoding": "gzip",
        "content-length": "3",
        "retry-after": "1",
        "retry-after-ms": "900",
        "x-should-retry": "false",
        "cache-control": "no-cache",
        "anthropic-ratelimit-requests-remaining": "4",
        "x-ratelimit-remaining": "2",
        "their-x-ratelimit-key": "x",
        "set-cookie": "x",
        via: "x",
        connection: "x",
        "transfer-encoding": "x",
        "cf-ray": "x",
        "request-id": "x",
        "access-control-allow-origin": "*",
      }),
    ).toEqual({
      "content-type": "a",
      "content-encoding": "gzip",
      "content-length": "3",
      "retry-after": "1",
      "retry-after-ms": "900",
      "x-should-retry": "false",
      "cache-control": "no-cache",
      "anthropic-ratelimit-requests-remaining": "4",
      "x-ratelimit-remaining": "2",
      "request-id": "x",
    });
  });
});

describe("headers of a translated request", () => {
  it.each([
    ["chat", true, { accept: "text/event-stream, application/json" }],
    ["chat", false, { accept: "application/json" }],
    ["messages", true, { accept: "text/event-stream, application/json", "anthropic-version": "2023-06-01" }],
  ] as const)("are fcc's own, on %s, streamed: %s", (wire, stream, own) => {
    const client = { "user-agent": "claude-cli", "anthropic-version": "2099-01-01", "anthropic-beta": "a", accept: "x", cookie: "x" };
    expect(translatedHeaders({ provider: providerAt("http://x"), wire, key: "k" }, stream, client)).toEqual({
      "content-type": "application/json",
      "accept-encoding": "identity",
      "user-agent": "fcc",
      authorization: "Bearer k",
      ...own,
    });
  });
});
