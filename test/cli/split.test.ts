import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { split } from "../../src/cli/split.ts";

const words = (line: string) => (line === "" ? [] : line.split(" "));
const launch = (line: string) => {
  const parts = split(words(line));
  if (parts.kind !== "launch") throw new Error(`${line}: ${JSON.stringify(parts)}`);
  return parts;
};

describe("fcc's options end where the client's arguments begin", () => {
  it.each<[string, object, string]>([
    ["claude", {}, ""],
    ["claude -p hi", {}, "-p hi"],
    ["claude --profile night -p hi", { profile: "night" }, "-p hi"],
    ["claude --profile=night -p hi", { profile: "night" }, "-p hi"],
    ["claude -p hi --profile night", {}, "-p hi --profile night"],
    [
      "claude --yes --quiet --dry-run --trace f --trace-bodies x",
      { yes: true, quiet: true, "dry-run": true, trace: "f", "trace-bodies": true },
      "x",
    ],
    ["claude -- -p hi", {}, "-p hi"],
    ["claude -- --help", {}, "--help"],
    ["claude -h", {}, "-h"],
    ["claude -- --profile x", {}, "--profile x"],
    ["claude -p -- x", {}, "-p -- x"],
    ["claude --quiet -- -- x", { quiet: true }, "-- x"],
    ["claude --resume --help", {}, "--resume --help"],
    ["claude --version", {}, "--version"],
    ["claude --model ollama/qwen3:8b -p x", { model: "ollama/qwen3:8b" }, "-p x"],
    ["claude --model openrouter/deepseek/v4", { model: "openrouter/deepseek/v4" }, ""],
    ["claude --model qwen3-coder.gguf -p x", { model: "qwen3-coder.gguf" }, "-p x"],
    ["claude --model sonnet --quiet", {}, "--model sonnet --quiet"],
    ["claude --model=sonnet", {}, "--model=sonnet"],
    ["claude --quiet --model opus -p x", { quiet: true }, "--model opus -p x"],
    ["--profile night claude -p x", { profile: "night" }, "-p x"],
    ["--resume 2f1c", {}, "--resume 2f1c"],
    ["--profile night --resume 2f1c -p x", { profile: "night" }, "--resume 2f1c -p x"],
    ["--quiet --profile a claude --profile b", { quiet: true, profile: "b" }, ""],
    ["codex exec --json x", {}, "exec --json x"],
    ["codex --profile night exec", { profile: "night" }, "exec"],
    ["run -- bash", {}, "bash"],
    ["run bash -c ls", {}, "bash -c ls"],
    ["run --profile x -- bash -- y", { profile: "x" }, "bash -- y"],
    ["claude --profiles x", {}, "--profiles x"],
  ])("%s", (line, options, args) => {
    expect(launch(line)).toMatchObject({ options, args: words(args) });
    expect(Object.keys(launch(line).options)).toEqual(Object.keys(options));
  });

  it("reach the client untouched, whatever stands after `--`", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (args) => {
        expect(split(["claude", "--quiet", "--", ...args])).toMatchObject({ options: { quiet: true }, args, warnings: [] });
      }),
    );
  });

  it("are all there again, in order, however the line is split", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("-p", "x", "--model", "sonnet", "--resume", "--", "--help", "a/b")), (args) => {
        const parts = split(["claude", "-p", ...args]);
        expect(parts).toMatchObject({ kind: "launch", args: ["-p", ...args] });
      }),
    );
  });
});

describe("an option of fcc's among the client's arguments", () => {
  it.each([
    ["claude -p x --profile night", ["--profile"]],
    ["claude -p x --quiet --yes", ["--yes", "--quiet"]],
    ["codex exec --dry-run", ["--dry-run"]],
  ])("is passed on with one line of warning: %s", (line, names) => {
    const { warnings } = launch(line);
    expect(warnings).toHaveLength(1);
    for (const name of names) expect(warnings[0]).toContain(name);
  });

  it.each([
    "claude -p x --model sonnet",
    "codex exec --profile mine",
    "codex exec --config a=1",
    "claude -- -p x --quiet",
    "claude mcp add x -- npx --yes y",
    "run -- npm install --yes",
  ])("is the client's own, or was marked as such: %s", (line) => {
    expect(launch(line).warnings).toEqual([]);
  });
});

describe("a model that names no provider", () => {
  it.each(["claude --model qwen3:8b", "codex --model=qwen3:8b exec", "--quiet claude --model qwen3:8b"])(
    "is passed on, and said to be the client's own, where its tag is Ollama's: %s",
    (line) => {
      const passedOn = "--model qwen3:8b names no provider and is passed on";
      expect(split(words(line))).toMatchObject({ kind: "launch", warnings: [expect.stringContaining(passedOn)] });
    },
  );

  it("is the same by the client's own short spelling, where it has one", () => {
    const passedOn =
      "-m qwen3:8b names no provider and is passed on as a model of codex's own; one of Ollama's: fcc codex --model ollama/qwen3:8b";
    expect(split(words("codex -m qwen3:8b exec"))).toMatchObject({ kind: "launch", warnings: [passedOn] });
    expect(split(words("aider -m fix:this"))).toMatchObject({ kind: "launch", warnings: [] });
  });

  it.each([
    "claude --model sonnet",
    "claude --model us.anthropic.claude-opus-4-8-v1:0",
    "claude --model ollama/qwen3:8b",
    "claude --model ollama\\qwen3:8b",
    "claude -- --model qwen3:8b",
    "claude -p qwen3:8b",
  ])("is nothing to speak of in %s", (line) => {
    expect(split(words(line))).toMatchObject({ kind: "launch", warnings: [] });
  });
});

describe("what launches nothing", () => {
  it.each([
    ["", { kind: "help" }],
    ["--help", { kind: "help" }],
    ["-h", { kind: "help" }],
    ["--profile x --help", { kind: "help" }],
    ["--help claude", { kind: "help", command: "claude" }],
    ["-h doctor", { kind: "help", command: "doctor" }],
    ["--version", { kind: "version" }],
    ["claude --help", { kind: "help", command: "claude" }],
    ["claude --profile x --help", { kind: "help", command: "claude" }],
    ["run -h", { kind: "help", command: "run" }],
    ["run --quiet -h", { kind: "help", command: "run" }],
    ["config show", { kind: "command", command: "config", args: ["show"] }],
    ["--config f config show", { kind: "command", command: "config", options: { config: "f" }, args: ["show"] }],
    ["cluade", { kind: "command", command: "cluade" }],
    ["--profil x claude", { kind: "wrong", hint: "did you mean --profile?" }],
    ["--profile", { kind: "wrong", message: "--profile needs a value" }],
    ["claude --profile --quiet", { kind: "wrong", message: "--profile needs a value" }],
    ["claude --profile= x", { kind: "wrong", message: "--profile needs a value" }],
    ["claude --quiet=yes", { kind: "wrong", message: "--quiet takes no value" }],
    ["--model sonnet claude", { kind: "wrong" }],
    ["--profile x", { kind: "wrong", message: "which command?" }],
    ["run", { kind: "wrong", message: "run what?" }],
    ["run --", { kind: "wrong", message: "run what?" }],
    ["run --model sonnet", { kind: "wrong" }],
    ["claude --trace-bodies", { kind: "wrong", message: "--trace-bodies says what a trace holds, and there is none" }],
    ["claude --trace-bodies --trace t.jsonl", { kind: "launch" }],
    ["run --bogus x", { kind: "wrong", hint: "`fcc --help` lists what there is" }],
  ])("%s", (line, expected) => {
    expect(split(words(line))).toMatchObject(expected);
  });

  it("an empty name is no program", () => {
    expect(split(["run", "--", ""])).toMatchObject({ kind: "wrong", message: "run what?" });
  });

  it("FCC_TRACE is a trace whose bodies can be asked for", () => {
    expect(split(["claude", "--trace-bodies"], { FCC_TRACE: "t.jsonl" })).toMatchObject({ kind: "launch" });
  });

  it("does not stumble over any command line", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom("claude", "run", "--", "--model", "--profile", "--help"))), (argv) => {
        expect(split(argv).kind).toMatch(/^(version|help|launch|command|wrong)$/);
      }),
    );
  });
});
