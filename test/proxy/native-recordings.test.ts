import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { profileOf, providerAt, targetOf, wiresAt } from "../support/provider.ts";
import { type Launch, launch } from "../support/proxy.ts";
import { answerText, startUpstream, type Upstream } from "../support/upstream.ts";

/** What real servers answered on their Messages endpoint: llama-server, Ollama 0.17.4, vLLM 0.32.0. */
interface Recording {
  readonly name: string;
  readonly path: string;
  /** The request's bytes; null where they were too many to keep. */
  readonly request: string | null;
  readonly status: number;
  readonly type: string;
  readonly reply: string;
}

const servers = ["llamacpp", "llamacpp-tools", "ollama", "vllm"];
const read = (server: string) =>
  JSON.parse(readFileSync(resolve(import.meta.dirname, `../recordings/native/${server}.json`), "utf8")) as Recording[];
const all = servers.flatMap((server) => read(server).map((recording) => [server, recording.name, recording] as const));
/** But for what the proxy itself refuses: what is no JSON, and a conversation without a message, to which one of them made something up. */
const asked = all.filter(([, name, { request }]) => request === null || (isJson(request) && !name.includes("empty-messages")));

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream.close());

function start(): Promise<Launch> {
  const speaks = wiresAt(upstream.url, "messages");
  const provider = providerAt(upstream.url, { speaks, quirks: { countsTokens: true } });
  return launch(profileOf([targetOf(provider, "a/model:with-a-long-name")]));
}

function isJson(text: string): boolean {
  try {
    return JSON.parse(text) !== undefined;
  } catch {
    return false;
  }
}

/** Sends what was sent then, and answers what was answered then. */
async function replay({ request, path, status, type, reply }: Recording) {
  const sent = request ?? '{"model": "tiny", "max_tokens": 24, "messages": [{"role": "user", "content": "The quick brown fox."}]}';
  // What a launch learns of one recording is not to be known in the next.
  const proxy = await start();
  upstream.script(answerText(reply, status, { "content-type": type }));
  const before = upstream.requests.length;
  const answer = await proxy.post(path, sent);
  await proxy.close();
  return { sent, answer, facts: proxy.facts, arrived: upstream.requests.slice(before) };
}

describe("replies of real servers", () => {
  const good = asked.filter(([, , { status, path }]) => status === 200 && !path.includes("count_tokens"));
  it.each(good)("%s %s passes byte for byte, both ways", async (_server, _name, recording) => {
    const { sent, answer, facts, arrived } = await replay(recording);
    expect(arrived.length).toBe(1);
    expect(arrived[0]?.text).toBe(sent.replace(/"model": "[^"]*"/, '"model": "a/model:with-a-long-name"'));
    expect(answer.status).toBe(200);
    expect(answer.text).toBe(recording.reply);
    expect(answer.headers["content-type"]).toBe(recording.type);
    const said = recording.reply
      .match(/"output_tokens":\d+/g)
      ?.at(-1)
      ?.slice(16);
    expect(facts.at(-1)).toMatchObject({ type: "answered", usage: { output: Number(said) } });
  });
});

describe("errors of real servers", () => {
  const legal: Readonly<Record<number, readonly string[]>> = {
    400: ["invalid_request_error", "policy_blocked"],
    404: ["not_found_error"],
    413: ["request_too_large"],
    500: ["api_error"],
    529: ["overloaded_error"],
  };
  const bad = asked.filter(([, , { status, path }]) => status !== 200 && !path.includes("count_tokens"));
  it.each(bad)("%s %s is told in the client's own shape, with what was said", async (_server, name, recording) => {
    const { answer } = await replay(recording);
    expect(answer.json).toMatchObject({ type: "error", error: { type: expect.any(String), message: expect.any(String) } });
    expect(legal[answer.status], String(answer.status)).toContain(answer.json.error.type);
    // Whose fault it is decides whether the client tries again for minutes: nothing here is the server's.
    expect([400, 404, 413], `${name}: ${recording.status} ${recording.reply}`).toContain(answer.status);
  });

  it.each(asked.filter(([, name]) => /^msg-overflow/.test(name)))(
    "%s %s: a prompt that is too long says so with both figures",
    async (server, _name, recording) => {
      const { answer } = await replay(recording);
      if (recording.status === 200) return;
      expect(answer.json.error.message).toMatch(
        server === "vllm" ? /^prompt is too long/ : /^prompt is too long: \d+ tokens > 8192 maximum$/,
      );
    },
  );
});

describe("counts of real servers", () => {
  it.each(asked.filter(([, , { path }]) => path.includes("count_tokens")))(
    "%s %s: theirs, or an estimate that says so",
    async (_server, _name, recording) => {
      const { answer } = await replay(recording);
      expect(answer.status).toBe(200);
      expect(answer.json.input_tokens).toBeGreaterThan(0);
      if (recording.status === 200) expect(answer.json.input_tokens).toBe(JSON.parse(recording.reply).input_tokens);
      else expect(answer.headers["x-fcc-estimate"]).toBe("true");
    },
  );
});

it("what is no JSON never gets to a server", async () => {
  const before = upstream.requests.length;
  const proxy = await start();
  for (const [, , { path, request }] of all.filter((one) => !asked.includes(one)))
    expect((await proxy.post(path, request)).status).toBe(400);
  await proxy.close();
  expect(upstream.requests.length).toBe(before);
});
