import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { helpText } from "../../src/cli/help.ts";
import { machineOfEachTest } from "../program/machine.ts";

const machine = machineOfEachTest();
const { fcc, start } = machine;
const node = (script: string) => ["--", process.execPath, "--input-type=module", "-e", script];
const configure = (text: string) => machine.write("fcc.yaml", text);
const configured = (args: readonly string[], env?: Readonly<Record<string, string>>) =>
  fcc([args[0] ?? "", "--config", join(machine.base, "fcc.yaml"), ...args.slice(1)], env);

const profile = `profile: mine
providers:
  lab: { speaks: { chat: { baseUrl: "http://127.0.0.1:9/v1" } }, key: { env: LAB_KEY } }
profiles:
  mine: { model: { target: lab/big, context: 65536 }, haiku: { target: lab/small, context: 32768 } }
`;

describe("what needs nothing", () => {
  it("--version is the package's version and nothing else", async () => {
    const { version } = JSON.parse(readFileSync(resolve(import.meta.dirname, "../../package.json"), "utf8"));
    expect(await fcc(["--version"])).toEqual({ code: 0, signal: null, stdout: `${version}\n`, stderr: "" });
  });

  it.each([
    [],
    ["--help"],
    ["claude", "--help"],
    ["codex", "--help"],
    ["run", "--help"],
    ["config", "--help"],
    ["keys", "set", "--help"],
    ["config", "help"],
    ["help", "trust"],
  ])("help is short and has two examples: %s %s", async (...args) => {
    const { code, stdout, stderr } = await fcc(args.filter((arg) => arg !== undefined));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n").length).toBeLessThan(30);
    expect(stdout.slice(stdout.indexOf("Examples:")).match(/^ {2}(?:fcc|pass)/gm)).toHaveLength(2);
  });

  it.each(["doctor", "models", "config"])("help names the options that choose what is looked at: %s", (name) => {
    for (const option of ["--profile", "--model", "--config"]) expect(helpText(name)).toMatch(new RegExp(`^ {2}${option} `, "m"));
  });

  it("providers tells what is known of one", async () => {
    const { code, stdout } = await fcc(["providers", "openai"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^responses +https:\/\/api\.openai\.com\/v1$/m);
    expect(stdout).toMatch(/^for messages +responses is taken: /m);
    expect(stdout).toMatch(/^quirks +maxTokensField: max_completion_tokens, .*\bknownFields: \[seed, /m);
  });

  it("providers tells a row's headers and the variables of the parts of its address", async () => {
    expect((await fcc(["providers", "nvidia"])).stdout).toMatch(/^header nvcf-poll-seconds +3600$/m);
    expect((await fcc(["providers", "azure-openai"])).stdout).toMatch(/^resource there +AZURE_OPENAI_RESOURCE_NAME, AZURE_RESOURCE_NAME$/m);
  });

  it.each([undefined, ...commands.map(({ name }) => name)])("help fits a terminal of 80 columns: %s", (name) => {
    expect(
      helpText(name)
        .split("\n")
        .filter((line) => line.length > 80),
    ).toEqual([]);
  });

  it.each([
    [["cluade"], /Did you mean "claude"\?/],
    [["prov"], /Did you mean "providers"\?/],
    [["version"], /Did you mean "--version"\?/],
    [["help", "modles"], /Did you mean "models"\?/],
    [["list"], /Did you mean "models"\?/],
    [["claude-code"], /Did you mean "claude"\?/],
    [["ollama"], /ollama is not a command of fcc but a provider: fcc claude --model ollama\/<model>/],
    [["demo"], /demo is not a command of fcc but a profile: fcc claude --profile demo/],
    [["-p", "hello"], /-p is not an option of fcc\n.*a client's own stand after its name: fcc claude -p/],
    [["--\u001b[31mred"], /fcc: --red is not an option of fcc\n.*: fcc claude --red\n/],
    [["--model", "qwen3:8b", "claude"], /--model takes provider\/model here, such as ollama\/qwen3:8b/],
    [["--profil", "x", "claude"], /did you mean --profile\?/],
    [["claude", "--profile"], /--profile needs a value/],
    [["keys"], /which of its commands\?/],
    [["keys", "set"], /provider/],
    [["config", "foo"], /foo/],
    [["models", "--profile="], /--profile needs a value/],
    [["init", "--yes", "--base-url", ""], /--base-url needs a value/],
    [["config", "explain", 'profiles."C:\\models"'], /nothing sets/],
    [["providers", "olama"], /Did you mean "ollama"\?/],
    [["--dry-run", "init", "--yes"], /init has no --dry-run: that is an option of a launch/],
    [["init", "--yes", "--config", "x.yaml"], /init has no --config/],
    [["--trace", "x", "models"], /models has no --trace/],
    [["trust", "no-such-folder"], /there is no folder no-such-folder/],
    [["trust", "--list", "x"], /--list takes no folder/],
    [["trust", "--list", "--revoke"], /'--list' cannot be used with option '--revoke'/],
  ])("usage and configuration errors end with 2: %j", async (args, message) => {
    const { code, stdout, stderr } = await fcc(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^fcc: /);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it.each<[args: string[], env?: Record<string, string>]>([
    [["--quiet", "config", "path"]],
    [["config", "path", "--quiet"]],
    [["config", "path"], { FCC_QUIET: "1" }],
    [["run", "--quiet", "--profile", "demo", "--", "true"]],
  ])("is quiet where that is asked for: %j %j", async (args, env = {}) => {
    expect(await fcc(args, { OLLAMA_HOST: "no address", ...env })).toMatchObject({ code: 0, stderr: "" });
  });

  it("shows a provider of one's own as the configuration has it, without its key", async () => {
    configure(
      `providers:\n  lab: { extends: vllm, baseUrl: "http://lab.example:9000", key: { env: LAB_KEY }, quirks: { topK: false } }\n` +
        "profiles: { mine: { model: lab/m } }\n",
    );
    const { code, stdout } = await configured(["providers", "lab"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^provider +lab \(vLLM\)\nchat +http:\/\/lab\.example:9000\/v1\n/);
    expect(stdout).toMatch(/^quirks .*topK: false/m);
    expect(stdout).toMatch(/^providers\.lab\.key = \{ env: LAB_KEY \} {2}\(/m);
    expect((await configured(["providers", "lob"])).stderr).toContain('"lob" is not a known provider. Did you mean "lab"?');
  });
});

describe("a launch", () => {
  it("answers any client on the built-in stand-in, and leaves nothing behind", async () => {
    const ended = await fcc([
      "run",
      "--profile",
      "demo",
      ...node(`
        const reply = await fetch(process.env.OPENAI_BASE_URL + "/chat/completions", { method: "POST",
          headers: { authorization: "Bearer " + process.env.OPENAI_API_KEY, "content-type": "application/json" },
          body: JSON.stringify({ model: process.env.OPENAI_MODEL, messages: [{ role: "user", content: "hello" }] }) });
        console.log(reply.status, (await reply.json()).choices[0].message.content.includes("stand-in"));`),
    ]);
    expect(ended).toMatchObject({ code: 0, stdout: "200 true\n" });
    expect(ended.stderr).toMatch(/^fcc {2}run on demo\/demo \(200k context, http:\/\/127\.0\.0\.1:\d+\) {2}\[profile demo\]\n$/);
    expect(readdirSync(join(machine.base, "tmp"))).toEqual([]);
    // What a launch compiled is kept in fcc's own cache folder.
    const own = [".cache", join(".cache", "fcc")];
    const left = readdirSync(join(machine.base, "home"), { recursive: true, encoding: "utf8" });
    expect(left.filter((name) => !own.includes(name) && !name.startsWith(join(".cache", "fcc", "compiled")))).toEqual([]);
  });

  it.each([
    ["exit 7", { code: 7, signal: null }],
    ["kill -KILL $$", { code: null, signal: "SIGKILL" }],
    ["kill -TERM $$", { code: null, signal: "SIGTERM" }],
  ])("ends as the client ends: %s", async (script, expected) => {
    expect(await fcc(["run", "--profile", "demo", "--quiet", "--", "/bin/sh", "-c", script])).toMatchObject({ ...expected, stderr: "" });
    expect(readdirSync(join(machine.base, "tmp"))).toEqual([]);
  });

  it("passes a signal on, and cleans up after it", async () => {
    const running = start([
      "run",
      "--profile",
      "demo",
      "--",
      "/bin/sh",
      "-c",
      "trap 'exit 9' TERM; echo ready; while :; do sleep 0.1; done",
    ]);
    await running.printed("ready");
    running.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: 9 });
    expect(readdirSync(join(machine.base, "tmp"))).toEqual([]);
  });

  it("keeps the variables that hold keys from the client, unless it is told otherwise", async () => {
    const server = `lab: { speaks: { chat: { baseUrl: "http://127.0.0.1:9/v1" } }, key: { env: LAB_KEY } }`;
    const main = `profiles: { mine: { model: { target: lab/m, context: 65536 } } }`;
    configure(`profile: mine\nproviders:\n  ${server}\n  demo: {}\n${main}\n`);
    const dry = await configured(["run", "--dry-run", "--", "env"], { LAB_KEY: "lab-secret-1" });
    expect(dry.stdout).toContain("LAB_KEY is taken away");
    expect(dry.stdout).not.toContain("lab-secret-1");
    configure(`profile: mine\nproviders:\n  ${server}\n${main}\nclients: { run: { keepKeys: true } }\n`);
    expect((await configured(["run", "--dry-run", "--", "env"], { LAB_KEY: "lab-secret-1" })).stdout).not.toContain("LAB_KEY");
  });

  it("says with --dry-run of the stand-in that it is inside, where its port is not open yet", async () => {
    expect((await fcc(["run", "--profile", "demo", "--dry-run", "--", "true"])).stdout).toContain("-> demo/demo (inside fcc)\n");
  });

  it("shows with --dry-run what would be launched, without a secret, and writes nothing", async () => {
    configure(profile.replace("key: {", "headers: { x-shard: a }, key: {"));
    machine.write("bin/claude", "#!/bin/sh\n", 0o755);
    const { code, stdout, stderr } = await configured(["claude", "--dry-run", "-p", "it's"], { LAB_KEY: "lab-secret-1" });
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.anything() });
    expect(stdout).toContain(join(machine.base, "bin/claude"));
    expect(stdout).toContain("ANTHROPIC_AUTH_TOKEN=***");
    expect(stdout).toContain("ANTHROPIC_BASE_URL='http");
    expect(stdout).toContain("CLAUDE_CODE_MAX_CONTEXT_TOKENS=65536");
    expect(stdout).toContain("'it'\\''s'");
    expect(stdout).toMatch(/main +main:big -> lab\/big \(http:\/\/127\.0\.0\.1:9\)/);
    expect(stdout).toMatch(/haiku +haiku:small -> lab\/small/);
    expect(stdout + stderr).not.toContain("lab-secret-1");
    expect(readdirSync(join(machine.base, "tmp"))).toEqual([]);
  });

  it("refuses a target whose HTTP proxy is outside the boundary before anything is sent", async () => {
    configure(
      `profile: mine\nboundary: [api.example]\nproviders:\n  far: { speaks: { chat: { baseUrl: "http://api.example/v1" } } }\nprofiles: { mine: { model: far/m } }\n`,
    );
    const { code, stderr } = await configured(["run", "--", "true"], { HTTP_PROXY: "http://127.0.0.1:9" });
    expect(code).toBe(2);
    expect(stderr).toContain("it would go through the HTTP proxy 127.0.0.1:9, which is outside itself");
    expect(stderr).toMatch(/Choose another target, name api\.example in NO_PROXY, or change boundary \(.+:2\)\./);
  });

  it("tells the boundary before the key that a target outside it has not got", async () => {
    configure("profile: mine\nboundary: private\nprofiles: { mine: { model: openrouter/m } }\n");
    const launched = await configured(["run", "--", "true"]);
    expect(launched.code).toBe(2);
    expect(launched.stderr).toMatch(/^fcc: openrouter\/m is outside the boundary \(private\)/);
    const examined = await configured(["doctor", "--no-agent"]);
    expect(examined.code).toBe(2);
    expect(examined.stdout).toContain("openrouter/m is outside the boundary (private)");
  });

  it("warns of an option of its own that stands too late", async () => {
    machine.write("bin/claude", '#!/bin/sh\necho "$@"\n', 0o755);
    const { stdout, stderr } = await fcc(["claude", "--profile", "demo", "-p", "x", "--quiet"]);
    expect(stdout.trim().endsWith("-p x --quiet")).toBe(true);
    expect(stderr).toMatch(/^fcc: --quiet stands among claude's own arguments/);
  });

  it("gives the client its merged settings in a private file that is gone afterwards", async () => {
    machine.write("bin/claude", '#!/bin/sh\ncat "$2"; ls -l "$2" | cut -c1-10; echo "$2"\n', 0o755);
    const { stdout } = await fcc(["claude", "--profile", "demo", "--settings", '{"theme":"dark"}']);
    expect(stdout).toContain('"theme": "dark"');
    expect(stdout).toContain("-rw-------");
    expect(existsSync(stdout.trim().split("\n").at(-1) ?? "")).toBe(false);
  });

  it("writes a trace for this user alone, without the launch's token", async () => {
    const trace = join(machine.base, "trace.jsonl");
    const script = `
      const headers = { authorization: "Bearer " + process.env.FCC_TOKEN, "content-type": "application/json", "anthropic-version": "2023-06-01" };
      const body = JSON.stringify({ model: "x", max_tokens: 100, messages: [{ role: "user", content: "my token is " + process.env.FCC_TOKEN }] });
      await (await fetch(process.env.FCC_URL + "/v1/messages", { method: "POST", headers, body })).text();
      console.log(process.env.FCC_TOKEN);`;
    const { stdout } = await fcc(["run", "--profile", "demo", "--trace", trace, "--trace-bodies", ...node(script)]);
    const text = readFileSync(trace, "utf8");
    const facts = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(facts.map(({ type }) => type)).toEqual(expect.arrayContaining(["request", "attempt", "reply", "answered"]));
    expect(text).toContain("my token is");
    expect(text).not.toContain(stdout.trim());
    expect(statSync(trace).mode & 0o777).toBe(0o600);
  });
});

describe("a project's own file", () => {
  beforeEach(() => machine.write("project/.fccrc", profile));

  it("is trusted, and trusted no longer, from a folder inside", async () => {
    mkdirSync(join(machine.base, "project/inside"));
    expect((await fcc(["trust", "inside"], { LAB_KEY: "k-123456" })).code).toBe(0);
    expect((await fcc(["trust", "--revoke", "inside"])).code).toBe(0);
    expect((await fcc(["trust", "--list"])).stdout).toBe("");
    expect((await fcc(["trust", "--revoke", "inside"])).code).toBe(2);
  });

  it("is named as in the list when it is trusted no longer", async () => {
    machine.write("home/app/.fccrc", profile);
    await fcc(["trust", "../home/app"], { LAB_KEY: "k-123456" });
    expect((await fcc(["trust", "--list"])).stdout).toContain("~/app/.fccrc");
    expect((await fcc(["trust", "--revoke", "../home/app"])).stderr).toContain(" ~/app/.fccrc is no longer trusted");
  });

  it("is not obeyed before it is trusted, is after, and no longer when that is taken back", async () => {
    const env = { LAB_KEY: "k-123456" };
    const before = await fcc(["run", "--dry-run", "--", "true"], env);
    expect(before.code).toBe(2);
    expect(before.stderr).toContain("fcc trust");
    const trusting = await fcc(["trust"], env);
    expect(trusting).toMatchObject({ code: 0, stderr: expect.stringContaining("LAB_KEY would be sent to http://127.0.0.1:9") });
    expect((await fcc(["run", "--dry-run", "--", "true"], env)).stdout).toContain("lab/big");
    expect((await fcc(["trust", "--list"], env)).stdout).toContain(".fccrc");
    expect((await fcc(["config", "explain", "profile"], env)).stdout).toContain(".fccrc:1");
    expect((await fcc(["trust", "--revoke"], env)).code).toBe(0);
    expect((await fcc(["run", "--dry-run", "--", "true"], env)).code).toBe(2);
  });

  it("says that a file of the project may be what has changed", async () => {
    machine.write("project/.fccrc", profile.replace("{ env: LAB_KEY }", "{ command: [./key.sh] }"));
    machine.write("project/key.sh", "one\n");
    expect((await fcc(["trust"])).stderr).toContain(".fccrc comes with this folder");
    machine.write("project/key.sh", "two\n");
    expect((await fcc(["trust"])).stderr).toContain(".fccrc, or a file of the project that it names, has changed since it was trusted.\n");
  });
});

const setKey = (id: string, key: string, ...more: readonly string[]) => fcc(["keys", "set", id, ...more], {}, key);

it("stores a key from standard input, lists where it goes, and never prints it", async () => {
  const set = await setKey("openrouter", "sk-or-private-12345\n");
  const list = await fcc(["keys", "list"]);
  expect(set).toMatchObject({ code: 0, stdout: "" });
  expect(list.stdout).toMatch(/^openrouter {2}https:\/\/openrouter\.ai\n$/);
  expect(set.stderr + list.stdout).not.toContain("private");
  expect((await fcc(["keys", "remove", "openrouter"])).code).toBe(0);
  expect((await fcc(["keys", "remove", "openrouter"])).code).toBe(2);
});

it("says at once where another key comes before the stored one", async () => {
  const before = (source: string) => `fcc: it is not sent for now: the key of ${source} comes before it\n`;
  machine.write("key.yaml", "providers:\n  openrouter:\n    key: { env: NOT_SET }\n");
  const named = await setKey("openrouter", "sk-or-private-12345", "--config", join(machine.base, "key.yaml"));
  expect(named).toMatchObject({ code: 0, stderr: expect.stringContaining(before(`${join(machine.base, "key.yaml")}:3`)) });
  const beside = await fcc(["keys", "set", "openrouter"], { OPENROUTER_API_KEY: "sk-or-variable-12345" }, "sk-or-private-12345");
  expect(beside.stderr).toMatch(new RegExp(`is stored, .* only\n${before("OPENROUTER_API_KEY")}$`));
  expect((await setKey("openrouter", "sk-or-private-12345")).stderr).not.toContain("comes before");
});

it.each([
  ["openrouter", "a".repeat(70_000), [], "nothing was stored: it is longer than any key."],
  ["openrouter", "", ["sk-or-private-12345"], "a key does not belong on a command line"],
  ["demo", "k", [], "demo takes no key: a launch makes one for it."],
  ["gguf", "k", [], "gguf takes no key: a launch makes one for it."],
])("stores nothing for %s that would not work, and says why", async (id, key, more, said) => {
  expect(await setKey(id, key, ...more)).toMatchObject({ code: 2, stderr: expect.stringContaining(said) });
  expect((await fcc(["keys", "list"])).stdout).toBe("");
});

it("removes a key by another spelling of its provider, as it is stored by it", async () => {
  expect(await setKey("open_router", "k")).toMatchObject({ code: 0 });
  expect(await fcc(["keys", "remove", "open_router"])).toMatchObject({ code: 0, stderr: "fcc  the key for openrouter is removed\n" });
});
