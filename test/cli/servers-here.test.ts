import { Readable } from "node:stream";
import { afterEach, expect, it, vi } from "vitest";
import { namedByVariable, serversHere, silence } from "../../src/cli/servers-here.ts";
import { setStoredKey } from "../../src/config/index.ts";
import type { Reach } from "../../src/reach/reach.ts";
import { strangerAt } from "../../src/system/stranger.ts";
import { world } from "../config/world.ts";

vi.mock("../../src/system/stranger.ts", () => ({ strangerAt: vi.fn() }));
afterEach(() => vi.mocked(strangerAt).mockReset());

/** A llama.cpp server at its usual port that was started with `--api-key`, and nothing else on this machine. */
const keyed = (key: string): Pick<Reach, "send"> => ({
  async send({ url, headers }) {
    if (!url.startsWith("http://127.0.0.1:8080/"))
      return { failure: { kind: "unreachable", message: "nothing answers", origin: "provider" } };
    const right = headers["authorization"] === `Bearer ${key}`;
    const answer = right ? { data: [{ id: "m1" }] } : { error: { code: 401, message: "Invalid API Key", type: "authentication_error" } };
    return { status: right ? 200 : 401, headers: { server: "llama.cpp" }, body: Readable.from([Buffer.from(JSON.stringify(answer))]) };
  },
});

it("a server on this machine is asked with the key that is kept for it", async () => {
  const { loaded } = world();
  const ask = async () => (await serversHere(await loaded(), [], keyed("sk-kept-1") as Reach, { env: {}, patience: 300 })).others;
  expect((await ask())[0]?.discovery.failure).toMatchObject({ kind: "unauthorized" });
  await setStoredKey((await loaded()).folders, "llamacpp", "sk-kept-1", ["http://127.0.0.1:8080"]);
  expect((await ask())[0]).toMatchObject({ provider: { id: "llamacpp" }, discovery: { models: [{ id: "m1" }] } });
});

it("a server of another user at a usual port is named, and not taken", async () => {
  vi.mocked(strangerAt).mockImplementation((port) => (port === 8080 ? 4321 : undefined));
  const here = await serversHere(await world().loaded(), [], keyed("sk-kept-1") as Reach, { env: {}, patience: 300 });
  const strangers = ["llama.cpp server at http://127.0.0.1:8080 is another user's: name it to use it."];
  expect(here).toEqual({ named: [], silent: [], others: [], strangers });
});

it("a server that a variable names and that does not answer is kept apart, with what is wrong", async () => {
  const env = { OLLAMA_HOST: "gpu-box" };
  const here = await serversHere(await world().loaded({ env }), ["ollama"], keyed("sk-kept-1") as Reach, { env, patience: 300 });
  expect(here.named).toEqual([]);
  expect(here.silent.map(({ provider }) => provider.speaks.chat?.baseUrl)).toEqual(["http://gpu-box:11434/v1"]);
  expect(here.silent.map(silence)).toEqual(["nothing answers"]);
});

it("a variable that is no address names no server: what is at the usual port is anybody's", () => {
  expect(namedByVariable({ OLLAMA_HOST: "http://me:hunter2@127.0.0.1:11434", LM_STUDIO_BASE_URL: " " })).toEqual([]);
  expect(namedByVariable({ OLLAMA_HOST: "gpu-box", LM_STUDIO_BASE_URL: "http://127.0.0.1:1234" })).toEqual(["ollama", "lmstudio"]);
});
