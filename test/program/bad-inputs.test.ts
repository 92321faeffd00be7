import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { closedAfterEachTest } from "../support/closing.ts";
import { answerJson, startUpstream } from "../support/upstream.ts";
import { machineOfEachTest } from "./machine.ts";

const machine = machineOfEachTest();
const servers = closedAfterEachTest();

/** The user's own file, in the words of the documentation. */
const user = `profile: local-ollama
providers:
  ollama: { baseUrl: http://127.0.0.1:9 }
  cluster: { extends: vllm, baseUrl: "http://127.0.0.1:9", key: { env: VLLM_KEY } }
  lab: { baseUrl: "http://127.0.0.1:7" }
profiles:
  local-ollama: { model: ollama/qwen3:8b, haiku: ollama/llama3.2:3b }
  night: { extends: local-ollama, model: { target: cluster/glm-5.2, context: 131072 } }
  both: { model: [ollama/qwen3:8b, lab/x] }
`;

describe("what cannot be launched ends with its code and says what to do", () => {
  it.each<[name: string, args: readonly string[], code: number, said: readonly string[]]>([
    [
      "an unknown profile",
      ["claude", "--profile", "local-olama"],
      2,
      [
        'fcc: profile "local-olama" is not defined. Did you mean "local-ollama"?',
        "     defined: demo (built in), local-ollama (~/.config/fcc/config.yaml:7), night (~/.config/fcc/config.yaml:8), both (~/.config/fcc/config.yaml:9)",
      ],
    ],
    [
      "a server that is down",
      ["claude"],
      1,
      [
        "fcc: nothing answers at http://127.0.0.1:9 (provider ollama, from ~/.config/fcc/config.yaml:3): connection refused after 0.1 s.",
        "     Start it with `ollama serve`, or set providers.ollama.baseUrl.",
      ],
    ],
    [
      "several of which none is up",
      ["claude", "--profile", "both"],
      1,
      [
        "fcc: nothing answers at http://127.0.0.1:9 (provider ollama, from ~/.config/fcc/config.yaml:3): connection refused after 0.1 s.\n     Start it with `ollama serve`, or set providers.ollama.baseUrl.\n",
        "     nothing answers at http://127.0.0.1:7 (provider lab, from ~/.config/fcc/config.yaml:5): connection refused after 0.1 s.\n     Start it, or set providers.lab.baseUrl.\n",
      ],
    ],
    [
      "a provider without its key",
      ["claude", "--model", "openrouter/deepseek/deepseek-v4"],
      2,
      ["fcc: no key for openrouter. Set OPENROUTER_API_KEY, or run `fcc keys set openrouter`."],
    ],
    [
      "a variable that is not set",
      ["claude", "--profile", "night"],
      2,
      ["fcc: no key for cluster: VLLM_KEY is not set (~/.config/fcc/config.yaml:4)."],
    ],
    ["a model of no known provider", ["claude", "--model", "olama/x"], 2, ['Did you mean "ollama/x"?']],
    ["a program that is not there", ["run", "--profile", "demo", "--", "no-such-program"], 127, ["fcc: no-such-program is not there"]],
    ["a path where nothing is", ["run", "--profile", "demo", "--", "./no/such"], 127, ["fcc: ./no/such is not there"]],
    ["a file that is not there", ["claude", "--config", "nowhere.yaml"], 2, ["nowhere.yaml"]],
  ])("%s", async (_name, args, code, said) => {
    machine.write("home/.config/fcc/config.yaml", user);
    machine.write("bin/claude", "#!/bin/sh\necho started\n", 0o755);
    const ended = await machine.fcc(args);
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: "" });
    const shown = ended.stderr.replace(/after \d\.\d s/g, "after 0.1 s");
    for (const line of said) expect(shown).toContain(line);
    expect(ended.stderr).not.toMatch(/\n\s+at .*:\d+/);
    expect(ended.stderr).not.toContain(" on demo/demo");
  });

  describe("a model that the server does not have", () => {
    /** Ollama as it answers a launch: one model, whose template may know tools. */
    async function ollama(capabilities: readonly string[]): Promise<Record<string, string>> {
      const answers: Record<string, unknown> = {
        "/api/version": { version: "0.17.4" },
        "/api/tags": { models: [{ name: "qwen3:8b", model: "qwen3:8b" }] },
        "/api/ps": { models: [{ name: "qwen3:8b", model: "qwen3:8b", context_length: 65_536 }] },
        "/api/show": { capabilities },
      };
      const server = await startUpstream((request, response, incoming) => {
        const wanted = !request.text.includes("qwen3:9b");
        const answer = wanted ? answers[request.path] : undefined;
        return answerJson(answer ?? { error: "model not found" }, answer === undefined ? 404 : 200)(request, response, incoming);
      });
      servers.push(server);
      return { OLLAMA_HOST: server.url };
    }
    const start = (model: string, env: Record<string, string>) => {
      machine.write("bin/claude", "#!/bin/sh\necho started\n", 0o755);
      return machine.fcc(["claude", "--model", model], env);
    };

    it("is said with the nearest that it has", async () => {
      const env = await ollama(["completion", "tools"]);
      const ended = await start("ollama/qwen3:9b", env);
      expect(ended).toMatchObject({ code: 1, stdout: "" });
      expect(ended.stderr).toContain(
        `fcc: there is no model "qwen3:9b" at ${env["OLLAMA_HOST"]} (provider ollama, from OLLAMA_HOST). Did you mean "qwen3:8b"?`,
      );
      expect(ended.stderr).toContain("     Fetch it with `ollama pull qwen3:9b`, or choose one of: qwen3:8b");
    });

    it("one that it has is launched, with a line where it knows no tools", async () => {
      expect(await start("ollama/qwen3:8b", await ollama(["completion", "tools"]))).toMatchObject({ code: 0, stdout: "started\n" });
      const ended = await start("ollama/qwen3:8b", await ollama(["completion"]));
      expect(ended).toMatchObject({ code: 0, stdout: "started\n" });
      expect(ended.stderr).toContain("ollama/qwen3:8b cannot call tools");
    });
  });

  it("a client that is not installed", async () => {
    const ended = await machine.fcc(["codex", "--profile", "demo"], { PATH: `${machine.base}/bin` });
    // Where the machine has one in an install folder of its own it is found there.
    if (!ended.stderr.includes("is not installed")) return;
    expect(ended.code).toBe(127);
    expect(ended.stderr).toContain("fcc: Codex is not installed: no `codex` on PATH");
    expect(ended.stderr).toContain("fcc codex --yes");
    expect(ended.stderr).toContain("npm install -g");
  });
});

describe.skipIf(spawnSync("python3", ["--version"]).status !== 0)("the question whether a project's file is trusted", () => {
  /** All that a terminal showed: the keys answer the question, and what is waited for after it. */
  function answer(command: string, keys: readonly string[], size = "cols 100 rows 30"): string {
    const terminal = resolve(import.meta.dirname, "../launch/fixtures/terminal.py");
    // A question is drawn as wide as the terminal.
    const line = `stty ${size}; "${process.execPath}" "${machine.program}" ${command}`;
    return spawnSync("python3", [terminal, line, "Trust .fccrc?", ...keys], {
      cwd: `${machine.base}/project`,
      env: { HOME: `${machine.base}/home`, PATH: `${machine.base}/bin:/usr/bin:/bin`, TERM: "xterm" },
      encoding: "utf8",
    }).stdout;
  }

  it.each<[answer: string, keys: string, said: readonly string[]]>([
    ["^C ends the command", "\\x03", ["code=1"]],
    ["^D ends it too, and not as if it had run", "\\x04", ["code=1"]],
    ["no goes on without the file", "n", ["counts for nothing here", "started", "code=0"]],
  ])("%s", (_answer, keys, said) => {
    machine.write("home/.config/fcc/config.yaml", "profile: demo\n");
    machine.write("project/.fccrc", "profiles: { theirs: demo/demo }\n");
    machine.write("bin/claude", "#!/bin/sh\necho started\n", 0o755);
    const stdout = answer("claude", [keys]);
    for (const text of said) expect(stdout).toContain(text);
    if (keys !== "n") expect(stdout).not.toContain("started");
  });

  it("can be read where the terminal does not know its size", () => {
    machine.write("project/.fccrc", "profiles: { theirs: demo/demo }\n");
    expect(answer("claude", ["\\x03"], "cols 0 rows 0")).toContain("code=1");
  });

  it("is asked once, also where the wizard comes next", () => {
    machine.write("project/.fccrc", "profile: theirs\nprofiles: { theirs: { model: demo/demo } }\n");
    const stdout = answer("run -- true", ["n", "Which models?", "\\x03"]);
    expect(stdout).toContain("Nothing was written.");
    expect(stdout.split("is not trusted yet")).toHaveLength(2);
  });
});

describe("what the system refuses is a sentence with its remedy", () => {
  it("a home that cannot be written", () => {
    machine.write("home/.local", "");
    const line = `echo sk-12345678 | "${process.execPath}" "${machine.program}" keys set openai`;
    const ended = spawnSync("sh", ["-c", line], { env: { HOME: `${machine.base}/home`, PATH: "/usr/bin:/bin" }, encoding: "utf8" });
    expect(ended).toMatchObject({ status: 1, stdout: "" });
    expect(ended.stderr).toMatch(
      /^fcc: .+\/home\/\.local\/share\S* cannot be written: a part of its path is no folder\.\n {5}Give yourself/,
    );
  });

  it("a folder for temporary files that is not there", () => {
    machine.write("bin/claude", "#!/bin/sh\necho started\n", 0o755);
    const env = { HOME: `${machine.base}/home`, PATH: `${machine.base}/bin:/usr/bin:/bin`, TMPDIR: `${machine.base}/none` };
    const ended = spawnSync(process.execPath, [machine.program, "claude", "--profile", "demo", "-p", "hi"], {
      cwd: machine.base,
      env,
      encoding: "utf8",
    });
    expect(ended).toMatchObject({ status: 1, stdout: "" });
    expect(ended.stderr).toMatch(/^fcc: .+\/none, the folder for temporary files, cannot be used: it is not there\.\n {5}Set TMPDIR/m);
  });

  it.each([
    ["keys.json", "home/.local/share/fcc", ["keys", "list"]],
    ["trust.json", "home/.local/state/fcc", ["trust", "--list"]],
  ])("a folder in the place of %s", async (name, folder, args) => {
    mkdirSync(join(machine.base, folder, name), { recursive: true });
    const path = join(machine.base, folder, name);
    expect(await machine.fcc(args)).toMatchObject({
      code: 1,
      stderr: `fcc: ${path} cannot be used: it is a folder.\n     Move it away: a file belongs there.\n`,
    });
  });

  it.runIf(process.platform === "linux").each([
    ["run", ["run", "--quiet", "--profile", "demo", "--", "true"], { status: 0, stderr: "" }],
    ["keys", ["keys", "set", "openai"], { status: 1, stderr: expect.stringContaining("no folder can be made there.\n     Give yourself") }],
  ])("a home where nothing can be made, not even for ever: %s", (_name, args, expected) => {
    const env = { HOME: "/proc/nobody", PATH: "/usr/bin:/bin" };
    const ended = spawnSync(process.execPath, [machine.program, ...args], {
      cwd: machine.base,
      env,
      encoding: "utf8",
      input: "sk-1\n",
      timeout: 20_000,
    });
    expect(ended).toMatchObject(expected);
  });

  it("a working folder that is gone", () => {
    const line = `mkdir gone && cd gone && rmdir ../gone && exec "${process.execPath}" "${machine.program}" run --profile demo -- true`;
    const env = { HOME: `${machine.base}/home`, PATH: "/usr/bin:/bin" };
    const ended = spawnSync("sh", ["-c", line], { cwd: machine.base, env, encoding: "utf8" });
    expect(ended).toMatchObject({ status: 1, stdout: "" });
    expect(ended.stderr).toBe("fcc: the working folder is not there any more.\n     Change to one that is, and try again.\n");
  });
});

describe("a boundary", () => {
  it.each<[boundary: string, model: string, rule: string]>([
    ["local", "openrouter/x", "local"],
    ["private", "openrouter/x", "private"],
    ['["*.corp.example"]', "openrouter/x", "*.corp.example"],
    ["local", "lab/x", "local"],
    ["private", "far/x", "private"],
    ["local", "ollama/glm-5:cloud", "local"],
    // A name of this machine is no name of another, and the other way round; the address decides, before the client is started.
    ['["10.0.0.0/8"]', "named/x", "10.0.0.0/8"],
    ['["10.0.0.0/8"]', "six/x", "10.0.0.0/8"],
    ["private", "mapped/x", "private"],
    ["private", "metadata/x", "metadata addresses are never admitted"],
  ])("%s keeps %s out at the start, with the rule", async (boundary, model, rule) => {
    machine.write(
      "home/.config/fcc/config.yaml",
      `profile: mine
boundary: ${boundary}
providers:
  lab: { extends: vllm, baseUrl: "http://10.0.0.7:8000" }
  far: { extends: vllm, baseUrl: "http://203.0.113.9:8000" }
  named: { extends: vllm, baseUrl: "http://localhost:8000" }
  six: { extends: vllm, baseUrl: "http://[::1]:8000" }
  mapped: { extends: vllm, baseUrl: "http://[::ffff:203.0.113.9]:8000" }
  metadata: { extends: vllm, baseUrl: "http://[::ffff:169.254.169.254]:8000" }
profiles: { mine: { model: ${model} } }
`,
    );
    const ended = await machine.fcc(["run", "--", "echo", "started"], { OPENROUTER_API_KEY: "k-12345678" });
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toContain(`fcc: ${model} is outside the boundary (${rule})`);
    expect(ended.stderr).toContain("Nothing was sent.");
    if (!rule.includes("never")) expect(ended.stderr).toContain("boundary (~/.config/fcc/config.yaml:2).");
  });

  it("of a profile is named where it was written", async () => {
    machine.write("home/.config/fcc/config.yaml", "profile: mine\nprofiles:\n  mine:\n    model: openrouter/x\n    boundary: local\n");
    const ended = await machine.fcc(["run", "--", "echo", "started"], { OPENROUTER_API_KEY: "k-12345678" });
    expect(ended.stderr).toContain("Choose another target, or change profiles.mine.boundary (~/.config/fcc/config.yaml:5).");
  });
});

it("several faults of a file are told at once, each with its line and the nearest name", async () => {
  machine.write(
    "project/fcc.yaml",
    "profils: {}\nproviders:\n  ollama: { tiemout: 3 }\nprofiles:\n  mine: { haiko: ollama/b, model: ollama/a }\n",
  );
  const ended = await machine.fcc(["run", "--config", "fcc.yaml", "--", "true"]);
  expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code: 2, stdout: "" });
  for (const line of [
    'fcc.yaml:1: unknown key "profils". Did you mean "profile"?',
    'fcc.yaml:3: unknown key "tiemout" in providers.ollama. Did you mean "timeout"?',
    'fcc.yaml:5: unknown key "haiko" in profiles.mine. Did you mean "haiku"?',
  ])
    expect(ended.stderr).toContain(line);
});
