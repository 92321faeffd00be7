import { describe, expect, inject, it } from "vitest";
import { chatProfile, createMachine, type Ended } from "./run.ts";
import { type Say, type ScriptedServer, serveChat } from "./scripted.ts";

const { claude = "" } = inject("installed");

const openaiError = (message: string, type: string, code: string | number | null = null) => ({
  error: { message, type, param: null, code },
});
const fine: Say = { text: ["Fine."] };
const silent = 3000;

/** A launch that shows the client signs of life after a second. */
async function run(script: Parameters<typeof serveChat>[0], args = ["-p", "hi"]): Promise<Ended & { server: ScriptedServer }> {
  const machine = createMachine();
  const server = await serveChat(script);
  await machine.configure(`${chatProfile(server.url)}    keepAliveAfter: 1s\n`);
  return { ...(await machine.fcc(["claude", ...args])), server };
}

const passing: readonly { readonly name: string; readonly say: Say }[] = [
  { name: "429", say: { fail: { status: 429, headers: { "retry-after": "1" }, body: openaiError("Slow down", "requests") } } },
  { name: "500", say: { fail: { status: 500, body: openaiError("The server had an error", "server_error") } } },
  { name: "503", say: { fail: { status: 503, body: "no healthy upstream", headers: { "content-type": "text/plain" } } } },
  { name: "a broken connection", say: { cut: "broken" } },
  {
    name: "a page with status 502",
    say: { fail: { status: 502, headers: { "content-type": "text/html" }, body: "<html><title>Bad Gateway</title></html>" } },
  },
  {
    name: "a page with status 200",
    say: { fail: { status: 200, headers: { "content-type": "text/html" }, body: "<html><title>Sign in</title></html>" } },
  },
];

const final: readonly { readonly name: string; readonly say: Say; readonly says: RegExp }[] = [
  {
    name: "401",
    say: { fail: { status: 401, body: openaiError("Incorrect API key", "invalid_request_error", "invalid_api_key") } },
    says: /^API Error: 400 lab at \S+ wants a key and there is none\..*Incorrect API key/,
  },
  {
    name: "400 that names nothing to leave out",
    say: { fail: { status: 400, body: openaiError("Something in it is wrong", "invalid_request_error") } },
    says: /^API Error: 400 lab at \S+: Something in it is wrong/,
  },
  {
    name: "a prompt that does not fit",
    say: {
      fail: {
        status: 400,
        body: openaiError(
          "This model's maximum context length is 8192 tokens. However, your request has 12384 input tokens. Please reduce the length of the input messages.",
          "BadRequestError",
          400,
        ),
      },
    },
    says: /^Prompt is too long/,
  },
  {
    name: "402",
    say: { fail: { status: 402, body: openaiError("Insufficient Balance", "unknown_error") } },
    says: /^API Error: 402 .*Insufficient Balance/,
  },
];

describe.skipIf(claude === "")("Claude Code, after a long silence", () => {
  it("takes a reply that starts late, after one request", async () => {
    const { server, ...ended } = await run([{ ...fine, silent }]);
    expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: "Fine.\n" });
    expect(server.received).toHaveLength(1);
  });

  it.each(passing)("asks again after $name", async ({ say }) => {
    const { server, ...ended } = await run([{ ...say, silent }, fine]);
    expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: "Fine.\n" });
    expect(server.received).toHaveLength(2);
    expect(ended.stderr.trim().split("\n")).toHaveLength(1);
  });

  it.each(final)("shows the true reason after $name, and the server reads the prompt once", async ({ say, says }) => {
    const { server, ...ended } = await run(() => ({ ...say, silent }));
    expect(ended.code, ended.stderr).toBe(1);
    expect(ended.stdout).toMatch(says);
    expect(server.received).toHaveLength(1);
  });

  it("asks again after a stream that is cut once it has begun", async () => {
    const { server, ...ended } = await run([{ text: ["Half an ans"], cut: "broken", silent }, fine]);
    expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: "Fine.\n" });
    expect(server.received).toHaveLength(2);
  });

  it("takes the reply of a second target when the first fails after the signs of life", async () => {
    const machine = createMachine();
    const first = await serveChat(() => ({ ...(passing[1]?.say ?? {}), silent }));
    const second = await serveChat([fine]);
    await machine.configure(`profile: two
providers:
  one: { speaks: { chat: { baseUrl: ${first.url}/v1 } } }
  two: { speaks: { chat: { baseUrl: ${second.url}/v1 } } }
profiles:
  two: { model: [one/scripted, two/scripted], keepAliveAfter: 1s }
`);
    const ended = await machine.fcc(["claude", "-p", "hi"]);
    expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: "Fine.\n" });
    expect([first.received.length, second.received.length]).toEqual([1, 1]);
  });
});
