import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { Examined } from "../../src/checks/index.ts";
import { freePort } from "../../src/reach/loopback.ts";
import { machineOfEachTest } from "../program/machine.ts";
import { closedAfterEachTest } from "../support/closing.ts";
import { type Faults, modelServer } from "../support/model-server.ts";
import { answerJson, startUpstream } from "../support/upstream.ts";

const machine = machineOfEachTest();
const { fcc, write } = machine;
const open = closedAfterEachTest();
/** A program in the place of the real one. */
const program = (name: string, script: string) => write(`bin/${name}`, `#!/bin/sh\n${script}\n`, 0o755);
beforeEach(() => void program("claude", 'echo "2.1.332 (Claude Code)"'));

const userFile = "home/.config/fcc/config.yaml";
const configure = (baseUrl: string, more = "", model = "lab/big") =>
  write(
    userFile,
    `# mine\nproviders:\n  lab:\n    speaks: { chat: { baseUrl: "${baseUrl}" } }\n${more}profiles: { mine: { model: ${model} } }\n`,
  );

async function server(faults: Faults = {}): Promise<string> {
  const upstream = await startUpstream(modelServer(faults));
  open.push(upstream);
  return upstream.url;
}

interface Report {
  readonly ok: boolean;
  readonly cause?: Examined;
  readonly checks: readonly Examined[];
}

async function examined(
  env?: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<Report & { readonly code: number | null }> {
  const { code, stdout, stderr } = await fcc(["doctor", "--json", "--no-agent", ...args], env);
  if (!stdout.startsWith("{")) throw new Error(stdout + stderr);
  return { ...(JSON.parse(stdout) as Report), code };
}
/** The first finding that is not good, and how the whole ends. */
const first = async (env?: Readonly<Record<string, string>>) => {
  const { code, cause, checks } = await examined(env);
  expect(checks.find(({ state }) => state === cause?.state)).toEqual(cause);
  return { code, id: cause?.id, state: cause?.state, text: `${cause?.seen} ${cause?.todo}` };
};

describe("the first finding", () => {
  it("nothing runs here: said in well under the time that a server would take", async () => {
    const began = performance.now();
    const { stdout, code } = await fcc(["doctor"]);
    // A machine with a server of its own at a usual port has something to examine.
    if (!stdout.includes("nothing is configured, and no")) return;
    expect(code).toBe(2);
    expect(performance.now() - began).toBeLessThan(5000);
    // The verdict has what to do, as the finding does.
    expect(stdout).toMatch(
      /A launch would fail: profile: nothing is configured.*\n {2}Start one, choose a provider with `fcc init`.*\n {4}profile: mine/,
    );
  });

  it("a wrong port", async () => {
    configure(`http://127.0.0.1:${await freePort()}`);
    expect(await first()).toMatchObject({
      code: 1,
      id: "tcp",
      text: expect.stringMatching(/connection refused.*providers\.lab\.baseUrl/s),
    });
  });

  it("a name that no one knows", async () => {
    configure("http://nowhere.invalid:1");
    expect(await first()).toMatchObject({ code: 1, id: "dns" });
  });

  it("https where the server speaks http", async () => {
    configure((await server()).replace("http:", "https:"));
    expect(await first()).toMatchObject({ code: 1, id: "tls", text: expect.stringContaining("http://") });
  });

  it("a server without tool support", async () => {
    configure(await server({ noTools: true }));
    expect(await first()).toMatchObject({ code: 1, id: "tool-call", text: expect.stringMatching(/no tool call.*--jinja/s) });
  });

  it("a server that loses arguments", async () => {
    configure(await server({ noArguments: true }));
    expect(await first()).toMatchObject({ code: 1, id: "tool-call", text: expect.stringContaining("without the arguments") });
  });

  it("a server that lies about its window", async () => {
    configure(await server({ window: 131_072, realWindow: 6000 }));
    expect(await first()).toMatchObject({
      code: 1,
      id: "long-prompt",
      text: expect.stringMatching(/131,072 tokens, but refuses.*context: 6000/s),
    });
  });

  it("a server that does not stream", async () => {
    configure(await server({ noStream: true }));
    expect(await first()).toMatchObject({ code: 0, id: "streaming", state: "doubt", text: expect.stringContaining("at once") });
  });

  it("an address that leads past the server's endpoints, which is no missing model", async () => {
    const url = await server();
    configure(`${url}/elsewhere/v1`);
    expect(await first()).toMatchObject({
      code: 1,
      id: "model",
      text: `no such address at provider lab (from ~/.config/fcc/config.yaml:4); tried ${url}/elsewhere/v1/chat/completions: Not Found Set providers.lab.baseUrl (~/.config/fcc/config.yaml:4).`,
    });
  });

  it("a server that fails, by its name and address", async () => {
    const upstream = await startUpstream((_request, response) => void response.writeHead(500).end("<title>boom</title>"));
    open.push(upstream);
    configure(upstream.url);
    const { checks } = await examined();
    expect(checks.find(({ state }) => state === "bad")).toMatchObject({
      id: "answer",
      seen: expect.stringMatching(new RegExp(`^lab at ${upstream.url}: .*boom`)),
      todo: "Look at the server's own log.",
    });
  });

  it("a limit of requests, with when to try again", async () => {
    const upstream = await startUpstream(answerJson({ error: { message: "Rate limit reached" } }, 429, { "retry-after": "7" }));
    open.push(upstream);
    configure(upstream.url);
    const { checks } = await examined();
    expect(checks.find(({ state }) => state === "bad")).toMatchObject({ id: "answer", todo: "Try again in 7 s." });
  });

  it("a bad key", async () => {
    configure(await server({ key: "sk-right-12345" }), "    key: { env: LAB_KEY }\n");
    const found = await first({ LAB_KEY: "sk-wrong-12345" });
    expect(found).toMatchObject({ code: 1, id: "authentication", text: expect.stringContaining("LAB_KEY") });
    expect(found.text).not.toContain("sk-wrong");
  });

  it("a key that is not there", async () => {
    configure(await server({ key: "sk-right-12345" }), "    key: { env: LAB_KEY }\n");
    expect(await first()).toMatchObject({ code: 2, id: "key", text: expect.stringContaining("LAB_KEY") });
  });

  it("a model that the server does not have, with the nearest name", async () => {
    configure(await server({ models: ["qwen3:8b"] }), "", "lab/qwen3:9b");
    expect(await first()).toMatchObject({ code: 1, id: "model", text: expect.stringContaining("lab/qwen3:8b") });
  });

  it("a part of a model's name stands for the one that has it", async () => {
    configure(await server({ models: ["qwen3:8b", "llama3.2:3b"] }), "", "lab/qwen");
    const { code, checks } = await examined();
    expect(code).toBe(0);
    expect(checks.find(({ id }) => id === "model")?.seen).toContain("qwen3:8b is in the server's list");
  });

  it("an HTTP proxy variable that leads nowhere, and one that no one can read", async () => {
    configure("http://far.example:8000");
    expect(await first({ HTTP_PROXY: `http://127.0.0.1:${await freePort()}` })).toMatchObject({
      code: 1,
      id: "http-proxy",
      text: expect.stringContaining("HTTP_PROXY"),
    });
    expect(await first({ HTTP_PROXY: "socks5://127.0.0.1:1080" })).toMatchObject({
      code: 1,
      id: "http-proxy",
      text: expect.stringContaining("socks5"),
    });
  });

  it("a project's file that nobody trusts", async () => {
    write("project/.fccrc", "profiles: { theirs: { model: lab/big } }\n");
    expect(await first()).toMatchObject({ code: 2, id: "trust", text: expect.stringContaining("fcc trust") });
  });

  it("a file that is broken", async () => {
    write(userFile, "profils: {}\n");
    expect(await first()).toMatchObject({ code: 2, id: "configuration", text: expect.stringMatching(/profils.*`fcc config schema`/) });
  });

  it("a file of one's own that is broken, beside a project's that nobody trusts: as a launch tells it", async () => {
    write(userFile, "profils: {}\n");
    write("project/.fccrc", "profiles: { theirs: { model: lab/big } }\n");
    expect(await first()).toMatchObject({ code: 2, id: "configuration", text: expect.stringContaining("profils") });
  });

  it("a file that is not there, of whose content there is nothing to say", async () => {
    const { cause } = await examined({ FCC_CONFIG: "nowhere.yaml" });
    expect(cause).toEqual({
      id: "configuration",
      title: "configuration",
      state: "bad",
      seen: "FCC_CONFIG: nowhere.yaml cannot be read: no such file.",
    });
  });

  it("a file that is not read for the one beside it", async () => {
    configure(await server());
    write(userFile.replace(/yaml$/, "json"), '{ "boundary": "local" }');
    const { code, checks } = await examined();
    const found = { state: "doubt", seen: expect.stringContaining("; ~/.config/fcc/config.json is not read: ") };
    expect({ code, found: checks.find(({ id }) => id === "configuration") }).toMatchObject({ code: 0, found });
  });

  it("a model outside the boundary, the only one that is found where nothing is configured", async () => {
    const name = "kimi-k2:cloud";
    const lists: Readonly<Record<string, unknown>> = {
      "/api/tags": { models: [{ name, model: name }] },
      "/api/version": { version: "0.12.0" },
    };
    const upstream = await startUpstream((request, response) => void response.end(JSON.stringify(lists[request.path] ?? {})));
    open.push(upstream);
    write(userFile, "boundary: local\n");
    const outside = expect.stringMatching(
      /kimi-k2:cloud is outside the boundary \(local\).*in boundary \(~\/\.config\/fcc\/config\.yaml:1\)/,
    );
    expect(await first({ OLLAMA_HOST: upstream.url })).toMatchObject({ code: 2, id: "profile", text: outside });
  });

  it("a target that is down where a launch goes on with its alternative, which is what is examined then", async () => {
    const gone = `  gone: { speaks: { chat: { baseUrl: "http://127.0.0.1:${await freePort()}" } } }\n`;
    configure(await server(), gone, "[gone/big, lab/big]");
    const { code, cause, checks } = await examined();
    const down = { id: "target gone/big", state: "doubt", seen: expect.stringContaining("connection refused") };
    expect({ code, cause }).toEqual({ code: 0, cause: expect.objectContaining(down) });
    expect(checks.find(({ id }) => id === "model")).toMatchObject({ state: "good", seen: "big is in the server's list" });
  });

  it("a target that is left out of its list", async () => {
    configure(await server(), "", "[lab/big, openrouter/x]");
    const { checks } = await examined();
    const found = { state: "doubt", seen: expect.stringContaining("; openrouter is left out: ") };
    expect(checks.find(({ id }) => id === "profile")).toMatchObject(found);
  });

  it("a profile that nothing defines", async () => {
    write(userFile, "profile: nigt\nprofiles: { night: lab/big }\nproviders: { lab: { extends: vllm, baseUrl: 'http://127.0.0.1:9' } }\n");
    expect(await first()).toMatchObject({ code: 2, id: "profile", text: expect.stringContaining('"night"') });
  });

  it("a client that is too old", async () => {
    configure(await server());
    program("claude", 'echo "1.0.24 (Claude Code)"');
    expect(await first()).toMatchObject({ code: 1, id: "client", text: expect.stringMatching(/1\.0\.24 is too old.*npm install/s) });
  });
});

describe("a good server", () => {
  it("passes every check, each with what was sent and seen", async () => {
    configure(await server());
    const { code, ok, cause, checks } = await examined();
    expect({ code, ok, cause }).toEqual({ code: 0, ok: true });
    const ids = checks.filter(({ state }) => state === "good").map(({ id }) => id);
    expect(ids).toEqual(
      expect.arrayContaining([
        "authentication",
        "model",
        "window",
        "streaming",
        "tool-call",
        "parallel-calls",
        "arguments",
        "thinking",
        "system-turn",
        "image",
        "abort",
        "long-prompt",
        "prompt-cache",
        "speed",
      ]),
    );
    expect(checks.find(({ id }) => id === "arguments")?.seen).toBe("every character came back");
    expect(checks.at(-1)).toMatchObject({ id: "agent", state: "skipped", seen: "--no-agent" });
  });

  it("has its window kept for the next launch, whose server may not say it in time", async () => {
    configure(await server());
    await examined();
    expect(Object.values(JSON.parse(readFileSync(join(machine.base, "home/.cache/fcc/windows.json"), "utf8")))).toContain(131_072);
  });

  it("is driven by the client once, in a folder that is empty and gone afterwards", async () => {
    configure(await server());
    const work = `[ "$1" = --version ] && echo "2.1.332 (Claude Code)" && exit; ls -A > "${join(machine.base, "seen")}"; pwd > "${join(machine.base, "where")}"; printf hello > hello.txt;
      exec ${process.execPath} --input-type=module -e 'await fetch(process.env.ANTHROPIC_BASE_URL + "/v1/messages", { method: "POST", headers: { authorization: "Bearer " + process.env.ANTHROPIC_AUTH_TOKEN }, body: JSON.stringify({ model: "opus", max_tokens: 10, messages: [{ role: "user", content: "hi" }] }) })'`;
    program("claude", work);
    const { code, stdout } = await fcc(["doctor"]);
    expect(stdout).toMatch(/ok +Claude Code itself +hello\.txt holds the word, after 1 requests/);
    expect({ code, seen: readFileSync(join(machine.base, "seen"), "utf8") }).toEqual({ code: 0, seen: "" });
    // Not below /tmp, where anybody may put instructions and plugins that an agent looks for above its folder.
    const where = readFileSync(join(machine.base, "where"), "utf8").trim();
    expect([dirname(where), existsSync(where)]).toEqual([join(machine.base, "home/.cache/fcc/doctor"), false]);
    expect(stdout).toContain("A launch works here.");
  });

  it.runIf(process.platform === "linux")("is driven by the client also where fcc's cache takes no folder", async () => {
    mkdirSync(join(machine.base, "home/.cache/fcc"), { recursive: true });
    symlinkSync("/proc", join(machine.base, "home/.cache/fcc/doctor"));
    const { code, stdout } = await fcc(["doctor", "--profile", "demo"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringMatching(/Claude Code itself +it sent no request/) });
  });
});

it("ends, and says what to do, where the agent cannot have a folder", async () => {
  const { code, stderr } = await fcc(["doctor", "--profile", "demo"], { TMPDIR: join(machine.base, "none") });
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/none, the folder for temporary files, cannot be used.*\n +Set TMPDIR/),
  });
});

describe("--fix", () => {
  it("writes the wire that works into the file that defines the provider, and the next look is good", async () => {
    const url = await server();
    write(userFile, `# mine\nproviders:\n  lab: { extends: vllm, baseUrl: "${url}" } # keep\nprofiles: { mine: { model: lab/big } }\n`);
    const before = await examined({}, ["--fix"]);
    // A launch goes on by the wire that is there.
    const seen = "chat: works; messages (in use): no such address; responses: no such address";
    expect(before).toMatchObject({ code: 0, ok: true, cause: { id: "wires", state: "doubt", seen } });
    const text = readFileSync(join(machine.base, userFile), "utf8");
    expect(text).toMatch(/via: chat/);
    expect(text).toContain("# keep");
    expect(await examined()).toMatchObject({ code: 0, ok: true });
  });

  it("writes down the fields that the server refuses, in the user's file where no file defines the provider", async () => {
    const url = await server({ refuses: "stream_options" });
    write(userFile, "profiles: { mine: { model: llamacpp/big } }\n");
    const env = { LLAMACPP_BASE_URL: url };
    const before = await examined(env, ["--fix"]);
    expect(before.checks.find(({ id }) => id === "refused-fields")).toMatchObject({
      state: "doubt",
      seen: expect.stringContaining("stream_options"),
    });
    expect(readFileSync(join(machine.base, userFile), "utf8")).toMatch(/refusedFields: \[ stream_options \]/);
    const after = await examined(env);
    expect(after.checks.find(({ id }) => id === "refused-fields")).toMatchObject({ state: "good" });
  });

  it("keeps what stands there of fields that are refused", async () => {
    const url = await server({ refuses: "stream_options" });
    const lab = `{ extends: llamacpp, baseUrl: "${url}", quirks: { refusedFields: [seed] } }`;
    write(userFile, `providers:\n  lab: ${lab}\nprofiles: { mine: { model: lab/big } }\n`);
    await examined({}, ["--fix"]);
    expect(readFileSync(join(machine.base, userFile), "utf8")).toMatch(/refusedFields: \[ seed, stream_options \]/);
  });
});
