import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { chatProfile, createMachine, type Ended } from "./run.ts";
import { type Say, serveChat } from "./scripted.ts";

const { claude = "" } = inject("installed");

const openaiError = (message: string, type: string, code: string | number | null = null) => ({
  error: { message, type, param: null, code },
});
const linesOf = (ended: Ended) => ended.stderr.trim().split("\n");
const fine: Say = { text: ["Fine."] };

/** Failures after which the same request succeeds, with the seconds that the client is asked to wait. */
const passing: readonly { readonly name: string; readonly fail: NonNullable<Say["fail"]>; readonly wait: number }[] = [
  {
    name: "429 with retry-after",
    fail: {
      status: 429,
      headers: { "retry-after": "3" },
      body: openaiError("Rate limit reached for requests", "requests", "rate_limit_exceeded"),
    },
    wait: 3,
  },
  { name: "429 without a word", fail: { status: 429, headers: { "content-type": "text/plain" }, body: "" }, wait: 0 },
  {
    name: "503 of a llama-server that loads its model",
    fail: { status: 503, body: { error: { message: "Loading model", type: "unavailable_error", code: 503 } } },
    wait: 5,
  },
  { name: "529", fail: { status: 529, body: openaiError("Overloaded", "overloaded_error") }, wait: 0 },
  { name: "500", fail: { status: 500, body: openaiError("The server had an error", "server_error") }, wait: 0 },
  {
    name: "502 with the page of a gateway",
    fail: { status: 502, headers: { "content-type": "text/html" }, body: "<html><head><title>502 Bad Gateway</title></head></html>" },
    wait: 0,
  },
];

/** Answers after which the same request fails again: shown after one request. */
const final: readonly { readonly name: string; readonly fail: NonNullable<Say["fail"]>; readonly says: RegExp }[] = [
  {
    name: "401",
    fail: { status: 401, body: openaiError("Incorrect API key provided: sk-no*****.", "invalid_request_error", "invalid_api_key") },
    says: /refused the key from KEY_ONE: Incorrect API key/,
  },
  {
    name: "403",
    fail: { status: 403, body: openaiError("Your organization must be verified.", "invalid_request_error") },
    says: /must be verified/,
  },
  {
    name: "402",
    fail: { status: 402, body: openaiError("Insufficient Balance", "unknown_error", "invalid_request_error") },
    says: /Insufficient Balance/,
  },
  {
    name: "429 that is an empty purse",
    fail: {
      status: 429,
      body: openaiError("You exceeded your current quota, please check your plan", "insufficient_quota", "insufficient_quota"),
    },
    says: /exceeded your current quota/,
  },
];

/** Two servers of one tier, or one server with two keys. */
const twoServers = (first: string, second: string) => `profile: two
providers:
  one: { speaks: { chat: { baseUrl: ${first}/v1 } } }
  two: { speaks: { chat: { baseUrl: ${second}/v1 } } }
profiles:
  two: { model: [one/scripted, two/scripted] }
`;
const keyed = (url: string, key: string) => `profile: keyed
providers:
  lab: { speaks: { chat: { baseUrl: ${url}/v1 } }, key: ${key} }
profiles:
  keyed: { model: lab/scripted }
`;

describe.skipIf(claude === "")("Claude Code, when a request fails", () => {
  it.each(passing)("waits and asks again, by itself: $name", async ({ fail, wait }) => {
    const machine = createMachine();
    const server = await serveChat([{ fail }, fine]);
    await machine.configure(chatProfile(server.url));
    const ended = await machine.fcc(["claude", "-p", "hi"]);
    expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: "Fine.\n" });
    expect(linesOf(ended)).toHaveLength(1);
    expect(server.received).toHaveLength(2);
    const [first, second] = server.received;
    expect(((second?.at ?? 0) - (first?.at ?? 0)) / 1000).toBeGreaterThanOrEqual(wait);
    expect(second?.body).toEqual(first?.body);
  });

  it.each(final)("shows at once, with the provider's name and no way to Anthropic's login: $name", async ({ fail, says }) => {
    const machine = createMachine();
    const server = await serveChat(() => ({ fail }));
    await machine.configure(keyed(server.url, "{ env: KEY_ONE }"));
    const ended = await machine.fcc(["claude", "-p", "hi"], { KEY_ONE: "sk-nothing-secret-1" });
    expect(ended.code, ended.stderr).toBe(1);
    expect(ended.stdout).toMatch(/^API Error: 40[02] /);
    expect(ended.stdout).toMatch(says);
    expect(ended.stdout).toContain("lab");
    expect(ended.stdout + ended.stderr).not.toMatch(/\/login|sk-nothing-secret|unexpected|inference gateway/i);
    expect(server.received).toHaveLength(1);
  });

  it("does not wait for an hour that a provider asks for", async () => {
    const machine = createMachine();
    const fail = { status: 429, headers: { "retry-after": "3600" }, body: openaiError("Daily limit reached", "requests") };
    const server = await serveChat(() => ({ fail }));
    await machine.configure(chatProfile(server.url));
    const ended = await machine.fcc(["claude", "-p", "hi"]);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/^API Error: Request rejected \(429\) · lab at \S+: Daily limit reached\n$/);
    expect(server.received).toHaveLength(1);
  });

  it("names a missing model itself, and fcc adds what the provider said", async () => {
    const machine = createMachine();
    const fail = { status: 404, body: openaiError("The model `scripted` does not exist.", "NotFoundError", 404) };
    const server = await serveChat(() => ({ fail }));
    await machine.configure(chatProfile(server.url));
    const ended = await machine.fcc(["claude", "-p", "hi"]);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/^There's an issue with the selected model/);
    expect(linesOf(ended).slice(1)).toEqual([expect.stringMatching(/lab at \S+: The model `scripted` does not exist\./)]);
    expect(server.received).toHaveLength(2);
  });

  it("goes on with the second target when the first is down, and says so in one line", async () => {
    const machine = createMachine();
    const gone = await serveChat([]);
    await gone.close();
    const server = await serveChat([{ calls: [{ name: "Bash", input: { command: "true", description: "Nothing" } }] }, fine]);
    await machine.configure(twoServers(gone.url, server.url));
    const ended = await machine.fcc(["claude", "-p", "hi", "--allowedTools", "Bash"]);
    expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: "Fine.\n" });
    expect(server.received).toHaveLength(2);
    expect(linesOf(ended).filter((line) => !line.startsWith("fcc  claude on "))).toEqual([expect.stringContaining(gone.url)]);
  });

  it.each([500, 503, 429])("goes on with the second target after a %i of the first, and leaves the first alone", async (status) => {
    const machine = createMachine();
    const first = await serveChat(() => ({ fail: { status, body: openaiError("Not now", "server_error") } }));
    const second = await serveChat([{ calls: [{ name: "Bash", input: { command: "true", description: "Nothing" } }] }, fine]);
    await machine.configure(twoServers(first.url, second.url));
    const ended = await machine.fcc(["claude", "-p", "hi", "--allowedTools", "Bash"]);
    expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: "Fine.\n" });
    expect([first.received.length, second.received.length]).toEqual([1, 2]);
    expect(linesOf(ended)).toHaveLength(1);
  });

  it.each([401, 402, 429])("takes the second key after a %i of the first, in the same request", async (status) => {
    const machine = createMachine();
    const server = await serveChat(({ headers }) =>
      headers.authorization === "Bearer sk-first" ? { fail: { status, body: openaiError("Not with this one", "error") } } : fine,
    );
    await machine.configure(keyed(server.url, "[{ env: KEY_ONE }, { env: KEY_TWO }]"));
    const ended = await machine.fcc(["claude", "-p", "hi"], { KEY_ONE: "sk-first", KEY_TWO: "sk-second" });
    expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: "Fine.\n" });
    expect(server.received.map((received) => received.headers.authorization)).toEqual(["Bearer sk-first", "Bearer sk-second"]);
    expect(linesOf(ended)).toHaveLength(1);
  });

  const marker = { name: "Bash", input: { command: "touch was-run", description: "Leave a mark" } };
  /** `kept`: Claude Code keeps what was whole before the break, and asks for the rest. */
  const cuts: readonly { readonly name: string; readonly said: Say; readonly kept?: true }[] = [
    { name: "mid-text", said: { text: ["Half an ans"] } },
    { name: "mid-thinking", said: { thinking: "Let me th" } },
    { name: "mid-arguments", said: { text: ["I run it."], calls: [marker] }, kept: true },
    { name: "mid-arguments of a second call", said: { calls: [{ name: "Read", input: { file_path: "no.txt" } }, marker] }, kept: true },
    { name: "before anything", said: {} },
  ];
  it.each(cuts.flatMap((one) => (["broken", "clean"] as const).map((cut) => ({ ...one, cut }))))(
    "asks again when a stream is cut $name ($cut), and runs nothing of it",
    async ({ said, cut, kept }) => {
      const machine = createMachine();
      const server = await serveChat([{ ...said, cut }, fine]);
      await machine.configure(chatProfile(server.url));
      const ended = await machine.fcc(["claude", "-p", "hi", "--allowedTools", "Bash"]);
      expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: "Fine.\n" });
      expect(existsSync(join(machine.project, "was-run"))).toBe(false);
      expect(server.received).toHaveLength(2);
      // Half an answer in it would be gone on from, and only the other half would be the result.
      if (!kept) expect(server.received[1]?.body.messages).toEqual(server.received[0]?.body.messages);
      if (said.thinking !== undefined) expect(server.received[1]?.body.stream).toBe(true);
      expect(linesOf(ended)).toHaveLength(1);
    },
  );

  it.each<[string, Say]>([
    ["first of all", { breaksWith: { error: { message: "Provider returned error", code: 502 } } }],
    [
      "in the middle of the text, and no more",
      {
        text: ["Half an ans"],
        breaksWith: { error: { object: "error", message: "EngineCore encountered an issue", type: "InternalServerError", code: 500 } },
      },
    ],
  ])("asks again when an error comes inside the stream, %s", async (_where, say) => {
    const machine = createMachine();
    const server = await serveChat([say, fine]);
    await machine.configure(chatProfile(server.url));
    const ended = await machine.fcc(["claude", "-p", "hi"]);
    expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: "Fine.\n" });
    expect(server.received).toHaveLength(2);
  });

  it("ends in an error when every stream is cut", async () => {
    const machine = createMachine();
    const server = await serveChat(() => ({ text: ["Half an ans"], cut: "broken" }));
    await machine.configure(chatProfile(server.url));
    const ended = await machine.fcc(["claude", "-p", "hi"], { CLAUDE_CODE_MAX_RETRIES: "1" });
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/^API Error: 500 http:\S+ \(provider lab, from \S+\): connection closed in the middle of its answer/);
  });
});
