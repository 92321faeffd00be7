import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { candidatesFor } from "../../src/cli/completion/candidates.ts";
import { machineOfEachTest } from "../program/machine.ts";

describe("what could stand at the cursor", () => {
  const words = (...typed: readonly string[]) => {
    const found = candidatesFor(typed);
    if (found.kind === "words") return found.words.map(([word]) => word);
    return found.kind === "names" ? found.of : found.kind;
  };

  it.each<[typed: readonly string[], expected: string]>([
    [["claude", "--profile", ""], "profiles"],
    [["--model", "oll"], "models"],
    [["claude", "--model", ""], "models"],
    [["doctor", "--profile", ""], "profiles"],
    [["claude", "--config", "x"], "files"],
    [["claude", "--trace", ""], "files"],
    [["init", "--provider", ""], "providers"],
    [["keys", "set", ""], "providers"],
    [["keys", "--config", "x", "remove", ""], "stored keys"],
    [["keys", "list", ""], "nothing"],
    [["providers", ""], "providers"],
    [["trust", ""], "folders"],
    // From here on it is the client's.
    [["claude", "-p", ""], "files"],
    [["claude", "--", "--pro"], "files"],
    [["claude", "--profile", "x", "exec", "--profile", ""], "files"],
    [["run", "--", ""], "programs"],
    [["run", "--", "git", ""], "files"],
    [["run", "bash", ""], "files"],
    [["nonsense", ""], "nothing"],
    [["keys", "set", "openrouter", ""], "nothing"],
    [["init", "--haiku", ""], "nothing"],
  ])("%j: %s", (typed, expected) => {
    expect(words(...typed)).toBe(expected);
  });

  it("offers commands, options and the words of an option", () => {
    expect(words("")).toEqual(expect.arrayContaining(["claude", "codex", "run", "completion"]));
    expect(words("claude", "--")).toEqual(expect.arrayContaining(["--profile", "--dry-run", "--trace-bodies"]));
    expect(words("doctor", "-")).toEqual(expect.arrayContaining(["--fix", "--config", "--profile"]));
    expect(words("init", "-")).toContain("--from");
    expect(words("init", "-")).not.toContain("--config");
    expect(words("init", "--scope", "")).toEqual(["user", "project"]);
    expect(words("init", "--scope=")).toEqual(["--scope=user", "--scope=project"]);
    expect(words("keys", "")).toEqual(["set", "list", "remove"]);
    expect(words("doctor", "")).toEqual(expect.arrayContaining(["claude", "codex"]));
    expect(words("help", "")).toEqual(expect.arrayContaining(["claude", "doctor"]));
    expect(words("help", "doctor", "")).toBe("nothing");
    expect(words("completion", "")).toEqual(["bash", "zsh", "fish"]);
  });

  it.each([[], ...commands.map(({ name }) => [name])])("offers each option once: %s", (...typed) => {
    const offered = words(...typed, "-");
    expect(offered).toEqual([...new Set(offered)]);
    expect(offered).toContain("--help");
  });

  it.each([
    [["--config", "x", "claude", "--profile", ""], { of: "profiles", config: "x" }],
    [["keys", "--config=x", "set", ""], { of: "providers", config: "x" }],
    [["claude", "--model=a"], { of: "models", before: "--model=" }],
  ])("%j: of the file that the line names, after what stands before them", (typed, expected) => {
    expect(candidatesFor(typed)).toEqual({ kind: "names", ...expected });
  });
});

describe("in a shell", () => {
  const machine = machineOfEachTest();
  beforeEach(() => {
    machine.write("bin/fcc", `#!/bin/sh\nexec "${process.execPath}" "${machine.program}" "$@"\n`, 0o755);
    machine.write(
      "home/.config/fcc/config.yaml",
      [
        "profiles:",
        '  night: { model: ["ollama/qwen3:8b", "ollama/qwen3:14b"] }',
        `  "a b": { model: demo/demo }`,
        `  "$(touch ../acted)": { model: demo/demo }`,
        `  "it's ;touch ../acted \`touch ../acted\`": { model: demo/demo }`,
        '  "escape\\e[2J": { model: demo/demo }',
        "",
      ].join("\n"),
    );
  });

  const shell = (program: string, args: readonly string[]) =>
    execFileSync(program, args, {
      cwd: `${machine.base}/project`,
      env: { HOME: `${machine.base}/home`, PATH: `${machine.base}/bin:${process.env["PATH"]}` },
      encoding: "utf8",
    });
  const missing = (program: string) => spawnSync(program, ["--version"]).error !== undefined;

  /** The answer of bash's completion, by the words into which readline parts a line. */
  const bash = (line: string, ...words: readonly string[]) =>
    shell("bash", [
      "-c",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own
      'eval "$(fcc completion bash)"; COMP_LINE="$1" COMP_POINT=${#1}; shift; COMP_WORDS=("$@") COMP_CWORD=$(($#-1)); _fcc; printf "%s\\n" "${COMPREPLY[@]}"',
      "bash",
      line,
      ...words,
    ])
      .trimEnd()
      .split("\n");

  it.each(["bash", "zsh"])("%s: is loaded without a substitution of processes, from which the bash of macOS reads nothing", (name) => {
    const script = shell("fcc", ["completion", name]);
    expect(script).toContain(`# fcc: completion for ${name}. Load it with: eval "$(fcc completion ${name})"\n`);
  });

  it("bash: commands, options, names, and models whatever stands in them", () => {
    expect(bash("fcc cl", "fcc", "cl")).toEqual(["claude"]);
    expect(bash("fcc claude --pro", "fcc", "claude", "--pro")).toEqual(["--profile"]);
    expect(bash("fcc claude --profile n", "fcc", "claude", "--profile", "n")).toEqual(["night"]);
    expect(bash("fcc claude --profile=n", "fcc", "claude", "--profile", "=", "n")).toEqual(["night"]);
    // readline takes the colon for the end of a word.
    expect(bash("fcc claude --model ollama/qwen3:", "fcc", "claude", "--model", "ollama/qwen3", ":")).toEqual(["8b", "14b"]);
    expect(bash("fcc claude --model ollama/qwen3:1", "fcc", "claude", "--model", "ollama/qwen3", ":", "1")).toEqual(["14b"]);
  });

  it("bash: in quotes that are open, and behind words that are quoted", () => {
    expect(bash('fcc claude --profile "a', "fcc", "claude", "--profile", '"a')).toEqual(["a b"]);
    expect(bash("fcc claude --profile 'a", "fcc", "claude", "--profile", "'a")).toEqual(["a b"]);
    // What would not stand for itself there is not offered, and nothing ends the quotes.
    for (const open of ['"', "'"]) {
      const offered = bash(`fcc claude --profile ${open}`, "fcc", "claude", "--profile", open);
      expect(offered).toContain("night");
      for (const name of offered) expect(shell("bash", ["-c", `printf %s ${open}${name}${open}`])).toBe(name);
    }
    expect(existsSync(`${machine.base}/acted`)).toBe(false);
    machine.write("project/my files/c.yaml", "profiles: { other: demo/demo }\n");
    for (const file of ['"my files/c.yaml"', "my\\ files/c.yaml"])
      expect(bash(`fcc claude --config ${file} --profile o`, "fcc", "claude", "--config", file, "--profile", "o")).toEqual(["other"]);
  });

  it("bash: files in quotes that are open, with a space in their names, and behind an equals sign", () => {
    machine.write("project/my files/c.yaml", "");
    for (const typed of ['"my f', "'my f", "my\\ f"]) {
      expect(bash(`fcc claude --config ${typed}`, "fcc", "claude", "--config", typed)).toEqual(["my files"]);
      expect(bash(`fcc claude --config=${typed}`, "fcc", "claude", "--config", "=", typed)).toEqual(["my files"]);
    }
    expect(bash("fcc claude --config=", "fcc", "claude", "--config", "=")).toContain("my files");
    expect(bash('fcc claude --profile="a', "fcc", "claude", "--profile", "=", '"a')).toEqual(["a b"]);
  });

  it("bash: a name that would act is quoted, and none acts", () => {
    const offered = bash("fcc claude --profile ", "fcc", "claude", "--profile", "");
    expect(offered).toContain("a\\ b");
    expect(offered).toContain("\\$\\(touch\\ ../acted\\)");
    expect(offered.some((name) => name.includes("escape"))).toBe(false);
    // What a shell makes of each is the name and nothing else.
    for (const name of offered) shell("bash", ["-c", `printf %s ${name}`]);
    expect(existsSync(`${machine.base}/acted`)).toBe(false);
  });

  it.skipIf(missing("fish"))("fish: the same", () => {
    const fish = (line: string) =>
      shell("fish", ["-c", "fcc completion fish | source; complete -C $argv[1]", line])
        .trimEnd()
        .split("\n")
        .map((one) => one.split("\t")[0]);
    expect(fish("fcc cl")).toEqual(["claude"]);
    expect(fish("fcc claude --model ollama/q").sort()).toEqual(["ollama/qwen3:14b", "ollama/qwen3:8b"]);
    expect(fish("fcc claude --profile ")).toContain("a b");
    machine.write("project/my files/c.yaml", "");
    for (const typed of ["--config=my\\ f", "--config=m"]) expect(fish(`fcc claude ${typed}`)).toEqual(["--config=my files/"]);
    expect(fish('fcc claude --config "my f')).toEqual(["my files/"]);
    expect(existsSync(`${machine.base}/acted`)).toBe(false);
  });

  it.skipIf(missing("zsh"))("zsh: the script is one that it can read", () => {
    expect(shell("zsh", ["-fc", 'eval "$(fcc completion zsh)"; whence -w _fcc'])).toBe("_fcc: function\n");
  });

  it("a key to remove is one that is stored, with where it goes", async () => {
    const words = () => machine.fcc(["completion", "words", "--", "keys", "remove", ""]);
    expect(await words()).toMatchObject({ stdout: "words\n" });
    const keys = { openrouter: { key: "sk-or-1", origins: ["https://openrouter.ai"] } };
    machine.write("home/.local/share/fcc/keys.json", JSON.stringify({ version: 1, keys }), 0o600);
    expect(await words()).toMatchObject({ stdout: "words\nopenrouter\thttps://openrouter.ai\n" });
  });

  it.each(["--help", "-h"])("%s shows how it is used", async (help) => {
    expect(await machine.fcc(["completion", help])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("fcc completion bash | zsh"),
    });
  });

  it("a shell that is none is an error with those that are; a broken configuration offers nothing and says nothing", async () => {
    expect(await machine.fcc(["completion", "tcsh"])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("bash | zsh | fish"),
    });
    machine.write("home/.config/fcc/config.yaml", "profils: [\n");
    expect(await machine.fcc(["completion", "words", "--", "claude", "--profile", ""])).toEqual({
      code: 0,
      signal: null,
      stdout: "words\n",
      stderr: "",
    });
  });

  it("a project's names are offered once it is trusted", async () => {
    machine.write("project/.fccrc", "profiles: { theirs: { model: ollama/x } }\n");
    const ask = async () => (await machine.fcc(["completion", "words", "--", "claude", "--profile", ""])).stdout;
    expect(await ask()).not.toContain("theirs");
    await machine.fcc(["trust"]);
    expect(await ask()).toContain("theirs");
  });
});
