import { clientNamed } from "../clients/index.ts";
import { nearest } from "../route/nearest.ts";
import { launchOptions } from "./commands.ts";
import { nameOf, partsOf, takesValue } from "./written-option.ts";

/** Options of a launch, as they were written. */
export interface LaunchOptions {
  readonly profile?: string;
  readonly model?: string;
  readonly config?: string;
  readonly trace?: string;
  readonly "dry-run"?: true;
  readonly yes?: true;
  readonly quiet?: true;
  readonly "trace-bodies"?: true;
}

export interface LaunchLine {
  readonly kind: "launch";
  /** A client's id, or `run`. */
  readonly command: string;
  readonly options: LaunchOptions;
  /** The client's own, untouched; for `run` the program comes first. */
  readonly args: readonly string[];
  readonly warnings: readonly string[];
}

/** One that launches nothing. */
export interface CommandLine {
  readonly kind: "command";
  readonly command: string;
  readonly options: LaunchOptions;
  readonly args: readonly string[];
}

type Split =
  | { readonly kind: "version" }
  | { readonly kind: "help"; readonly command?: string }
  | LaunchLine
  | CommandLine
  | { readonly kind: "wrong"; readonly message: string; readonly hint?: string };

const spellings = launchOptions.map(([spelling]) => spelling);
const valued = spellings.filter(takesValue).map(nameOf);
const flags = spellings.filter((spelling) => !takesValue(spelling));
export const optionNames: readonly string[] = [...valued, ...flags, "--help", "--version"];

/** What Claude Code prints when a session ends has room for one word before it: `fcc --resume <id>`. */
const resume = "--resume";

/**
 * Takes the command line apart before any parser sees it, since a parser would answer the client's `--help` and read the client's
 * options as its own. fcc's options come before the command or right after it; the first other argument, or `--`, ends them.
 */
export function split(argv: readonly string[], env: Readonly<Record<string, string | undefined>> = {}): Split {
  const before = take(argv, 0);
  if ("wrong" in before) return before.wrong;
  if (before.ended === "version") return { kind: "version" };
  const command = argv[before.next];
  if (command === resume) return split(argv.toSpliced(before.next, 0, "claude"), env);
  if (before.ended === "help") return helpOn(argv[before.next + 1]);
  if (command === undefined)
    return Object.keys(before.options).length === 0 ? { kind: "help" } : wrong("which command?", "`fcc --help` lists them");
  if (command.startsWith("-") && before.ended !== "model")
    return unknownOption(command, `; a client's own stand after its name: fcc claude ${command}`);
  if (before.ended === "model")
    return wrong(
      "--model takes provider/model here, such as ollama/qwen3:8b",
      "a model of the client's own goes after the command: fcc claude --model sonnet",
    );
  if (!isLaunch(command)) return { kind: "command", command, options: before.options, args: argv.slice(before.next + 1) };

  const after = take(argv, before.next + 1);
  if ("wrong" in after) return after.wrong;
  if (after.ended === "help") return helpOn(command);
  const options = { ...before.options, ...after.options };
  if (options["trace-bodies"] === true && options.trace === undefined && !env["FCC_TRACE"])
    return wrong("--trace-bodies says what a trace holds, and there is none", "name its file: --trace fcc.jsonl --trace-bodies");
  const separated = argv[after.next] === "--";
  const args = argv.slice(separated ? after.next + 1 : after.next);
  if (command === "run") {
    if (after.ended === "model") return wrong("--model takes provider/model", "fcc run --model ollama/qwen3:8b -- bash");
    const first = args[0];
    if (!first) return wrong("run what?", "fcc run -- bash");
    // Another client takes its own -h; a program is behind its name or `--`.
    if (!separated && first === "-h") return helpOn(command);
    if (!separated && first.startsWith("-")) return unknownOption(first);
  }
  return {
    kind: "launch",
    command,
    options,
    args,
    warnings: separated ? [] : [...strayOptions(command, args), ...taggedModel(command, args)],
  };
}

interface Taken {
  readonly options: LaunchOptions;
  /** The index of the first argument that is not fcc's. */
  readonly next: number;
  /** "model": a `--model` whose value is the client's own. */
  readonly ended?: "help" | "version" | "model";
}

function take(argv: readonly string[], from: number): Taken | { readonly wrong: Split } {
  const options: Record<string, string | true> = {};
  let at = from;
  for (; at < argv.length; at++) {
    const arg = argv[at] ?? "";
    if (from === 0 && (arg === "--version" || arg === "-V" || arg === "-v")) return { options, next: at, ended: "version" };
    if (arg === "--help" || (from === 0 && arg === "-h")) return { options, next: at, ended: "help" };
    const { name = "", value: inline } = partsOf(arg);
    const key = name.slice("--".length);
    if (flags.includes(name)) {
      if (inline !== undefined) return { wrong: wrong(`${name} takes no value`) };
      options[key] = true;
      continue;
    }
    if (!valued.includes(name)) break;
    const value = inline ?? argv[at + 1];
    if (name === "--model" && value !== undefined && !value.includes("/") && !/\.gguf$/i.test(value))
      return { options, next: at, ended: "model" };
    if (value === undefined || value === "" || (inline === undefined && value.startsWith("--"))) {
      return { wrong: wrong(`${name} needs a value`, example[name]) };
    }
    options[key] = value;
    if (inline === undefined) at += 1;
  }
  return { options, next: at };
}

const example: Readonly<Record<string, string>> = {
  "--profile": "--profile local-ollama",
  "--model": "--model ollama/qwen3:8b",
  "--config": "--config ./fcc.yaml",
  "--trace": "--trace fcc.jsonl",
};

/** One line for all of them: they are passed on, which is rarely what was meant. */
function strayOptions(command: string, args: readonly string[]): readonly string[] {
  const end = args.indexOf("--");
  const names = (end < 0 ? args : args.slice(0, end)).map((arg) => arg.split("=")[0] ?? "");
  const strays = [...valued, ...flags].filter((name) => names.includes(name) && !isClients(command, name));
  if (strays.length === 0) return [];
  return [
    `${strays.join(", ")} ${strays.length === 1 ? "stands" : "stand"} among ${command}'s own arguments and ${strays.length === 1 ? "is" : "are"} passed on to it; ` +
      `fcc's options come first: fcc ${command} ${strays[0]} ...`,
  ];
}

/** A name with a tag is Ollama's. The clients' own models have none, but for Claude's on Bedrock (`us.anthropic.claude-opus-4-8-v1:0`). */
function taggedModel(command: string, [option = "", next = ""]: readonly string[]): readonly string[] {
  const { name, value = next } = partsOf(option);
  const isModel = name === "--model" || clientNamed(command)?.options.alias[option] === "--model";
  if (!isModel || command === "run" || !/^[\w.-]+:[\w.-]+$/.test(value) || /claude/i.test(value)) return [];
  return [
    `${name ?? option} ${value} names no provider and is passed on as a model of ${command}'s own; one of Ollama's: fcc ${command} --model ollama/${value}`,
  ];
}

/** An option that the client has by the same name may well stand among its arguments; of a program under `run` nothing is known. */
function isClients(command: string, option: string): boolean {
  const options = clientNamed(command)?.options;
  return options === undefined || Object.hasOwn(options.valued, option) || options.flags?.includes(option) === true;
}

function isLaunch(command: string): boolean {
  return command === "run" || clientNamed(command) !== undefined;
}

function helpOn(command: string | undefined): Split {
  return { kind: "help", ...(command !== undefined && { command }) };
}

function unknownOption(written: string, elsewhere = ""): Split {
  const near = nearest(written.split("=")[0] ?? "", optionNames);
  const hint = near === undefined ? `\`fcc --help\` lists what there is${elsewhere}` : `did you mean ${near}?`;
  return wrong(`${written} is not an option of fcc`, hint);
}

function wrong(message: string, hint?: string): Split {
  return { kind: "wrong", message, ...(hint === undefined ? {} : { hint }) };
}
