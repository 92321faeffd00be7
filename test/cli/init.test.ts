import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { machineOfEachTest } from "../program/machine.ts";
import { closedAfterEachTest } from "../support/closing.ts";
import { type Faults, modelServer } from "../support/model-server.ts";
import { answerJson, startUpstream, type Upstream } from "../support/upstream.ts";

const machine = machineOfEachTest();
const { fcc, write } = machine;
const open = closedAfterEachTest();
const read = (path: string) => readFileSync(join(machine.base, path), "utf8");
const userFile = "home/.config/fcc/config.yaml";
const projectFile = "project/.fccrc";

async function server(faults: Faults = {}): Promise<Upstream> {
  const upstream = await startUpstream(modelServer(faults));
  open.push(upstream);
  return upstream;
}
describe("by options", () => {
  it("tries the choice, writes the user's file for the user alone, and a launch uses it", async () => {
    const { url, requests } = await server();
    const ended = await fcc(["init", "--yes", "--provider", "lab", "--model", "big", "--base-url", url]);
    expect(ended).toMatchObject({ code: 0, stdout: "", stderr: expect.stringMatching(/lab\/big answered .* with a tool call/) });
    expect(requests.some(({ path, text }) => path === "/v1/chat/completions" && text.includes("read_file"))).toBe(true);
    expect(read(userFile)).toContain("model: lab/big");
    expect(statSync(join(machine.base, userFile)).mode & 0o777).toBe(0o600);
    expect((await fcc(["run", "--", "true"])).stderr).toContain(`run on lab/big (128k context, ${url})`);
  });

  it("asks a known provider at the address that is named, though its own is of the same server", async () => {
    write(userFile, "providers: { zai: { key: { env: LAB_KEY }, baseUrl: https://far.example } }\n");
    const at = (path: string) => ["init", "--yes", "--provider", "zai", "--model", "glm-5", "--base-url", `https://api.z.ai${path}`];
    const env = { LAB_KEY: "k", HTTPS_PROXY: "http://127.0.0.1:9" };
    for (const path of ["/api/coding/paas/v4", "/api/paas/v4"])
      expect((await fcc(at(path), env)).stderr).toContain("nothing answers at https://api.z.ai (provider zai, from --base-url)");
  });

  it.each([
    ["an address at which nothing answers", [], "nothing answers at http://127.0.0.1:9 (provider lab, from --base-url)"],
    ["a variable that is not set", ["--key-env", "MY_KEY"], "no key for lab: MY_KEY is not set (--key-env)."],
  ])("%s is said by its option, since no file has it", async (_name, more, said) => {
    const ended = await fcc(["init", "--yes", "--provider", "lab", "--model", "big", "--base-url", "http://127.0.0.1:9", ...more]);
    expect(ended.stderr).toContain(said);
    expect(existsSync(join(machine.base, userFile))).toBe(false);
  });

  /** Something that is reached below a path, as behind an ingress. */
  async function behindPath(path: string, faults: Faults): Promise<string> {
    const server = modelServer(faults);
    const upstream = await startUpstream((request, response, incoming) => {
      const below = request.path.startsWith(path) ? request.path.slice(path.length) : "/nothing";
      return server(Object.create(request, { path: { value: below } }), response, incoming);
    });
    open.push(upstream);
    return upstream.url + path;
  }

  it.each(["", "/", "/v1", "/v1/chat/completions"])("keeps the path of a server that stands below one, written with %j", async (rest) => {
    const url = await behindPath("/llm", { owner: "vllm" });
    expect(await fcc(["init", "--yes", "--base-url", `${url}${rest}`])).toMatchObject({ code: 0 });
    expect(read(userFile)).toContain(`baseUrl: ${url}\n`);
    expect(await fcc(["init", "--yes", "--base-url", url])).toMatchObject({ code: 0 });
    expect(read(userFile).match(/baseUrl/g)).toHaveLength(1);
  });

  it.each(["sk-local\n", "two\nlines", "“sk”"])("finds a server with its kind's key, where that can be one: %j", async (key) => {
    const { url, requests } = await server({ owner: "vllm" });
    expect((await fcc(["init", "--yes", "--base-url", url, "--model", "big"], { VLLM_API_KEY: key })).code).toBe(0);
    const sent = requests.map(({ headers }) => headers.authorization).filter((value) => value !== undefined);
    expect(new Set(sent)).toEqual(new Set(key === "sk-local\n" ? ["Bearer sk-local"] : []));
  });

  it("does not repeat a key that stands in the place of its variable", async () => {
    const { url } = await server({ key: "sk-right-1" });
    const ended = await fcc(["init", "--yes", "--base-url", url, "--key-env", "sk-right-1"]);
    expect(ended).toMatchObject({ code: 2, stdout: "", stderr: "fcc: --key-env must be the name of a variable, not its value.\n" });
  });

  it("says of a server that wants a key that it does, and takes it from the variable", async () => {
    const { url, requests } = await server({ key: "sk-right-1" });
    const args = ["init", "--yes", "--base-url", url];
    expect((await fcc(args)).stderr).toContain(`${url} wants a key. Name the variable that has it: --key-env NAME.`);
    expect(requests.map(({ path }) => path)).toEqual(["/v1/models"]);
    const named = [...args, "--key-env", "LAB_KEY"];
    expect((await fcc(named)).stderr).toContain(`${url} wants a key: LAB_KEY is not set (--key-env).`);
    expect((await fcc(named, { LAB_KEY: "sk-wrong" })).stderr).toContain(`${url} refuses the key of LAB_KEY (--key-env).`);
    expect(await fcc(named, { LAB_KEY: "sk-right-1" })).toMatchObject({ code: 0 });
    expect(read(userFile)).toContain("env: LAB_KEY");
  });

  it("says the same of one that a file names already", async () => {
    const { url } = await server({ key: "sk-right-1", models: ["big"] });
    write(userFile, `providers: { vllm: { baseUrl: "${url}" } }\n`);
    const args = ["init", "--yes", "--provider", "vllm"];
    const name = "wants a key, or another one. Name the variable that has it: --key-env NAME.";
    expect((await fcc(args)).stderr).toContain(`vllm at ${url} ${name}`);
    const named = [...args, "--key-env", "LAB_KEY"];
    expect((await fcc(named)).stderr).toContain(`vllm at ${url} wants a key: LAB_KEY is not set (--key-env).`);
    expect((await fcc(named, { LAB_KEY: "sk-wrong" })).stderr).toContain(`vllm at ${url} refuses the key of LAB_KEY (--key-env).`);
    expect(await fcc(named, { LAB_KEY: "sk-right-1" })).toMatchObject({ code: 0 });
    expect(read(userFile)).toContain("env: LAB_KEY");
  });

  it("trusts the project's file that it wrote, and no launch asks about it", async () => {
    const { url } = await server({ models: ["big", "small"] });
    const args = [
      "init",
      "--yes",
      "--provider",
      "lab",
      "--model",
      "big",
      "--haiku",
      "small",
      "--base-url",
      `${url}/v1/`,
      "--scope",
      "project",
    ];
    expect(await fcc(args)).toMatchObject({ code: 0 });
    expect(existsSync(join(machine.base, userFile))).toBe(false);
    expect((await fcc(["run", "--dry-run", "--", "true"])).stdout).toMatch(/haiku +\S+ -> lab\/small/);
  });

  it("keeps the name, the address and the key of a server that a file names already", async () => {
    const { url } = await server({ models: ["big", "other"], key: "sk-private-1" });
    write(userFile, `providers: { lab: { baseUrl: ${url}, key: { env: LAB_KEY } } }\nprofiles: { day: { model: lab/big } }\n`);
    const args = ["init", "--yes", "--provider", "lab", "--model", "other", "--profile", "day"];
    expect(await fcc(args, { LAB_KEY: "sk-private-1" })).toMatchObject({ code: 0 });
    expect(read(userFile)).toContain(`providers: { lab: { baseUrl: ${url}, key: { env: LAB_KEY } } }`);
    expect(read(userFile)).toMatch(/day: { model: lab\/other\b/);
  });

  it("says how the profile is started where the project's file chooses another", async () => {
    const { url } = await server();
    write(projectFile, `profile: day\nprofiles: { day: { model: lab/big } }\nproviders: { lab: { baseUrl: "${url}" } }\n`);
    expect((await fcc(["trust"])).code).toBe(0);
    const args = ["init", "--yes", "--provider", "other", "--model", "big", "--base-url", url, "--scope"];
    expect((await fcc([...args, "user"])).stderr).toMatch(/start it: fcc claude --profile other\n/);
    expect((await fcc([...args, "project"])).stderr).toMatch(/start it: fcc claude\n/);
  });

  it("describes a server that only the project's file names in one's own file too", async () => {
    const { url } = await server();
    write(projectFile, `providers: { lab: { baseUrl: ${url} } }\nprofiles: { day: { model: lab/big } }\n`);
    expect(await fcc(["trust"])).toMatchObject({ code: 0 });
    expect(await fcc(["init", "--yes", "--provider", "lab", "--model", "big", "--scope", "user"])).toMatchObject({ code: 0 });
    rmSync(join(machine.base, projectFile));
    expect((await fcc(["run", "--", "true"])).stderr).toContain(`run on lab/big (128k context, ${url})`);
  });

  it("takes names that begin like their provider as they are where --provider names that", async () => {
    const { url } = await server({ models: ["lab/big", "lab/small"] });
    const models = ["--model", "lab/big", "--haiku", "lab/small"];
    expect(await fcc(["init", "--yes", "--provider", "lab", ...models, "--base-url", url])).toMatchObject({ code: 0 });
    const { stdout } = await fcc(["run", "--dry-run", "--", "true"]);
    expect(stdout).toMatch(/main +\S+ -> lab\/lab\/big .*haiku +\S+ -> lab\/lab\/small /s);
  });

  it("keeps comments and everything else of a file when it is run again", async () => {
    const { url } = await server({ models: ["big", "other"] });
    write(
      userFile,
      "# mine\nprofile: lab # daily\nproviders:\n  far: { extends: vllm, baseUrl: http://far:1 } # keep\nprofiles:\n  lab:\n    model: lab/big\n    boundary: private # narrow\n",
    );
    expect(await fcc(["init", "--yes", "--provider", "lab", "--model", "other", "--base-url", url])).toMatchObject({ code: 0 });
    const text = read(userFile);
    for (const part of ["# mine", "# daily", "# keep", "# narrow", "http://far:1", "model: lab/other"]) expect(text).toContain(part);
  });

  it("adds a profile beside the default one when it is named", async () => {
    const { url } = await server();
    write(userFile, "profile: day\nprofiles: { day: demo/demo }\n");
    const ended = await fcc(["init", "--yes", "--provider", "lab", "--model", "big", "--base-url", url, "--profile", "my night"]);
    expect(ended.stderr).toContain("fcc claude --profile 'my night'");
    expect(read(userFile)).toContain("profile: day");
  });

  it("writes through a link to the file itself", async () => {
    const { url } = await server();
    write("home/dotfiles/fcc.yaml", "# linked\n");
    mkdirSync(join(machine.base, "home/.config/fcc"), { recursive: true });
    symlinkSync(join(machine.base, "home/dotfiles/fcc.yaml"), join(machine.base, userFile));
    expect(await fcc(["init", "--yes", "--provider", "lab", "--model", "big", "--base-url", url])).toMatchObject({ code: 0 });
    expect(read("home/dotfiles/fcc.yaml")).toMatch(/# linked[\s\S]*lab\/big/);
  });

  it("writes the wire on which the server answers, where its kind's usual one is not there", async () => {
    const { url } = await server({ owner: "vllm" });
    const ended = await fcc(["init", "--yes", "--model", "big", "--base-url", url]);
    expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining("with a tool call") });
    expect(read(userFile)).toContain("via: chat");
  });

  it("says what is wrong by the wire that the server has, where its kind's usual one is not there", async () => {
    const script = modelServer({ owner: "vllm" });
    const unknown = answerJson({ error: { message: "The model `huge` does not exist." } }, 404);
    const upstream = await startUpstream((request, response, incoming) =>
      (request.path === "/v1/chat/completions" ? unknown : script)(request, response, incoming),
    );
    open.push(upstream);
    const ended = await fcc(["init", "--yes", "--model", "huge", "--base-url", upstream.url]);
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining("The model `huge` does not exist.") });
    expect(existsSync(join(machine.base, userFile))).toBe(false);
  });

  it("names a key by its variable, and never writes or prints it", async () => {
    const { url } = await server({ key: "sk-private-1" });
    const args = ["init", "--yes", "--provider", "lab", "--model", "big", "--base-url", url, "--key-env", "LAB_KEY"];
    const ended = await fcc(args, { LAB_KEY: "sk-private-1" });
    expect(ended).toMatchObject({ code: 0 });
    expect(read(userFile)).toMatch(/key:\s+env: LAB_KEY/);
    expect(ended.stderr + read(userFile)).not.toContain("sk-private-1");
  });

  it("writes nothing where a launch would fail", async () => {
    const { url } = await server({ key: "sk-right" });
    const args = ["init", "--yes", "--provider", "lab", "--model", "big", "--base-url", url, "--key-env", "LAB_KEY"];
    expect(await fcc(args, { LAB_KEY: "sk-wrong-12345", FCC_QUIET: "1" })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/LAB_KEY[\s\S]*nothing was written/),
    });
    expect(existsSync(join(machine.base, userFile))).toBe(false);
  });

  it("writes, with a warning, where the model calls no tool", async () => {
    const { url } = await server({ noTools: true });
    const ended = await fcc(["init", "--yes", "--provider", "lab", "--model", "big", "--base-url", url]);
    expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining("called no tool") });
  });

  it.each([
    [["--provider", "olama", "--model", "x"], /olama/],
    [["--provider", "openrouter", "--model", "x"], /OPENROUTER_API_KEY/],
    [["--scope", "nowhere"], /user or project/],
    [["--base-url", "box"], /http:\/\//],
    [["--from", "claude-code-router"], /Found: nothing/],
  ])("says what is missing: %j", async (args, message) => {
    const ended = await fcc(["init", "--yes", ...args]);
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
    expect(existsSync(join(machine.base, userFile))).toBe(false);
  });

  it("asks nobody outside the boundary of a file, and says that a choice is outside", async () => {
    write(userFile, "boundary: private\n");
    const proxy = await server();
    const env = { OPENROUTER_API_KEY: "sk-or-1", HTTPS_PROXY: proxy.url };
    const listed = await fcc(["init", "--yes", "--provider", "openrouter"], env);
    expect(listed).toMatchObject({ code: 2, stderr: expect.stringMatching(/outside the boundary .*\n.*which model of openrouter\?/) });
    const named = await fcc(["init", "--yes", "--provider", "openrouter", "--model", "some/model"], env);
    expect(named).toMatchObject({ code: 2, stderr: expect.stringMatching(/openrouter\/some\/model is outside .* Nothing was sent\./) });
    const at = await fcc(["init", "--yes", "--base-url", "http://192.0.2.1:9"], env);
    expect(at).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^fcc: 192\.0\.2\.1 is outside the boundary \(private\): .*, from http:/),
    });
    expect(proxy.connections()).toBe(0);
    expect(read(userFile)).toBe("boundary: private\n");
  });

  it.each([
    ["there was", "profiles: { mine: demo/demo }\n"],
    ["there was none", undefined],
  ])("leaves a file as it is that was edited while the model was tried, where %s", async (_name, before) => {
    if (before !== undefined) write(userFile, before);
    const script = modelServer();
    const upstream = await startUpstream((request, response, incoming) => {
      if (request.path === "/v1/chat/completions") write(userFile, "boundary: private\n");
      return script(request, response, incoming);
    });
    open.push(upstream);
    const ended = await fcc(["init", "--yes", "--provider", "lab", "--model", "big", "--base-url", upstream.url]);
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining("config.yaml has been changed meanwhile") });
    expect(read(userFile)).toBe("boundary: private\n");
  });

  it("does not write into a project's file that nobody trusts, nor over one that is broken", async () => {
    const { url } = await server();
    const args = ["init", "--yes", "--provider", "lab", "--model", "big", "--base-url", url];
    write(projectFile, "providers: { vllm: { baseUrl: http://evil:1 } }\n");
    expect(await fcc([...args, "--scope", "project"])).toMatchObject({ code: 2, stderr: expect.stringContaining("fcc trust") });
    expect(read(projectFile)).toContain("evil");
    expect(await fcc(args)).toMatchObject({ code: 0 });
    write(userFile, "profile: [\n");
    expect(await fcc(args)).toMatchObject({ code: 2 });
    expect(read(userFile)).toBe("profile: [\n");
  });
});

describe("taking over", () => {
  it("Claude Code's own variables: its server speaks Messages, and where it does not that is said with its address", async () => {
    const { url } = await server();
    const env = { ANTHROPIC_BASE_URL: url, ANTHROPIC_AUTH_TOKEN: "sk-private-3", ANTHROPIC_MODEL: "big" };
    const ended = await fcc(["init", "--yes", "--from", "environment"], env);
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/no such address .*tried http:\S+\/v1\/messages: Not Found/) });
    expect(ended.stderr).not.toContain("sk-private-3");
    expect(existsSync(join(machine.base, userFile))).toBe(false);
  });

  it("the same variables in Claude Code's settings.json, where the environment has none", async () => {
    const { url } = await server();
    const variables = { ANTHROPIC_BASE_URL: url, ANTHROPIC_AUTH_TOKEN: "sk-private-5", ANTHROPIC_MODEL: "big" };
    write("home/.claude/settings.json", JSON.stringify({ env: variables }));
    write("elsewhere/settings.json", JSON.stringify({ env: { ...variables, ANTHROPIC_BASE_URL: `${url}/elsewhere` } }));
    const tried = async (env: Record<string, string>) => (await fcc(["init", "--yes", "--from", "environment"], env)).stderr;
    expect(await tried({})).toContain(`${url}/v1/messages`);
    expect(await tried({ CLAUDE_CONFIG_DIR: join(machine.base, "elsewhere") })).toContain(`${url}/elsewhere/v1/messages`);
    expect(await tried({ ...variables, ANTHROPIC_BASE_URL: `${url}/shell` })).toContain(`${url}/shell/v1/messages`);
    expect(await tried({})).not.toContain("sk-private-5");
    expect((await fcc(["keys", "list"])).stdout).toBe("");
  });

  it("claude-code-router's configuration: its keys go to `fcc keys`, its routes to tiers", async () => {
    const { url } = await server({ key: "sk-private-2", models: ["big", "small"] });
    const config = {
      Providers: [{ name: "lab", api_base_url: `${url}/v1/chat/completions`, api_key: "sk-private-2", models: ["big", "small"] }],
      Router: { default: "lab,big", background: "lab,small" },
    };
    write("home/.claude-code-router/config.json", JSON.stringify(config));
    const ended = await fcc(["init", "--yes", "--from", "claude-code-router"]);
    expect(ended).toMatchObject({ code: 0, stderr: expect.stringMatching(/lab\/small answered/) });
    expect(ended.stderr + read(userFile)).not.toContain("sk-private-2");
    expect((await fcc(["keys", "list"])).stdout).toContain(`lab  ${url}`);
    expect((await fcc(["run", "--dry-run", "--", "true"])).stdout).toMatch(/haiku +\S+ -> lab\/small/);
  });

  it("OpenCode's configuration: its providers and both of its models", async () => {
    const { url } = await server({ key: "sk-private-3", models: ["big", "small"] });
    const provider = { lab: { npm: "@ai-sdk/openai-compatible", options: { baseURL: `${url}/v1`, apiKey: "sk-private-3" } } };
    write("home/.config/opencode/opencode.json", JSON.stringify({ model: "lab/big", small_model: "lab/small", provider }));
    expect(await fcc(["init", "--yes", "--from", "opencode"])).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/lab\/small answered/),
    });
    expect((await fcc(["keys", "list"])).stdout).toContain(`lab  ${url}`);
    expect((await fcc(["run", "--dry-run", "--", "true"])).stdout).toMatch(/haiku +\S+ -> lab\/small/);
  });

  it("no OpenCode configuration of the working folder, to which a relative XDG_CONFIG_HOME would lead", async () => {
    write("project/opencode/opencode.json", JSON.stringify({ model: "openai/gpt-6" }));
    expect(await fcc(["init", "--yes", "--from", "opencode"], { XDG_CONFIG_HOME: "." })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Found: nothing."),
    });
  });

  it("stores no key before all is written, whatever ends it until then", async () => {
    let asked = () => {};
    const tried = new Promise<void>((resolve) => {
      asked = resolve;
    });
    // Silent, as a model that is loaded for minutes.
    const upstream = await startUpstream(() => asked());
    open.push(upstream);
    const config = {
      Providers: [{ name: "lab", api_base_url: `${upstream.url}/v1/chat/completions`, api_key: "sk-private-4", models: ["big"] }],
      Router: { default: "lab,big" },
    };
    write("home/.claude-code-router/config.json", JSON.stringify(config));
    const running = machine.start(["init", "--yes", "--from", "claude-code-router"]);
    await tried;
    running.kill("SIGKILL");
    await running.ended;
    expect((await fcc(["keys", "list"])).stdout).toBe("");
  });

  it("nothing of a device or a pipe that stands in the place of a file", async () => {
    symlinkSync("/dev/zero", join(machine.base, "project/.env"));
    spawnSync("mkfifo", [join(machine.base, "home/.env")]);
    mkdirSync(join(machine.base, "home/.fcc"));
    symlinkSync(join(machine.base, "home/.env"), join(machine.base, "home/.fcc/.env"));
    const ended = await fcc(["init", "--yes", "--from", "free-claude-code"]);
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('no configuration of "free-claude-code"') });
  });

  it.runIf(process.platform === "linux")("nothing of what the kernel makes up without end", async () => {
    symlinkSync("/proc/self/pagemap", join(machine.base, "project/.env"));
    const ended = await fcc(["init", "--yes", "--from", "free-claude-code"]);
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('no configuration of "free-claude-code"') });
  });

  it("keeps no key where the try fails", async () => {
    const { url } = await server({ key: "sk-right" });
    const config = {
      Providers: [{ name: "lab", api_base_url: `${url}/v1/chat/completions`, api_key: "sk-wrong-12345", models: ["big"] }],
      Router: { default: "lab,big" },
    };
    write("home/.claude-code-router/config.json", JSON.stringify(config));
    expect(await fcc(["init", "--yes", "--from", "claude-code-router"])).toMatchObject({ code: 1 });
    expect((await fcc(["keys", "list"])).stdout).toBe("");
  });
});
