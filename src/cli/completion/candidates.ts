import { clients } from "../../clients/index.ts";
import { type Command, commands, type Described, launchOptions, optionsOf } from "../commands.ts";
import { nameOf, partsOf, takesValue } from "../written-option.ts";

/** One thing that could stand at the cursor, and a word on it. */
export type Candidate = readonly [word: string, meaning: string];

/** Names that only the configuration has, of `config` where the line names a file. */
export interface Names {
  readonly of: "profiles" | "models" | "providers" | "stored keys";
  readonly config?: string;
  /** Stands before each of them: `--profile=`. */
  readonly before?: string;
}

/** What could stand at the cursor: words that are known here, names that the configuration knows, or something that only the shell knows. */
type Candidates =
  | { readonly kind: "words"; readonly words: readonly Candidate[] }
  | ({ readonly kind: "names" } & Names)
  | { readonly kind: "files" | "folders" | "programs" | "nothing" };

const words = (...all: readonly string[]): Candidates => ({ kind: "words", words: all.map((word) => [word, ""]) });
const allCommands: Candidates = { kind: "words", words: commands.map(({ name, summary }) => [name, summary]) };
const names = (of: Names["of"]): Candidates => ({ kind: "names", of });

/** What stands behind a command, or a command of it, place by place. */
const places: Readonly<Record<string, readonly Candidates[]>> = {
  providers: [names("providers")],
  config: [words("show", "explain", "path", "schema")],
  keys: [words("set", "list", "remove")],
  "keys set": [names("providers")],
  "keys remove": [names("stored keys")],
  trust: [{ kind: "folders" }],
  completion: [words("bash", "zsh", "fish")],
  doctor: [{ kind: "words", words: clients.map(({ id, name }) => [id, name]) }],
  help: [allCommands],
};

const help: Described = ["--help", "how it is used"];

const optionValues: Readonly<Record<string, Candidates>> = {
  "--profile": names("profiles"),
  "--model": names("models"),
  "--config": { kind: "files" },
  "--trace": { kind: "files" },
  "--provider": names("providers"),
  "--scope": words("user", "project"),
  "--from": words("claude-code-router", "free-claude-code", "opencode", "environment"),
};

/** What could stand in the place of the last word of a line, of which `fcc` is cut off. The walk is that of `split`: a client's own arguments end it. */
export function candidatesFor(line: readonly string[]): Candidates {
  const current = line.at(-1) ?? "";
  let command: Command | undefined;
  let config: string | undefined;
  const before: string[] = [];
  const optionsNow = () => [...(command === undefined ? launchOptions : optionsOf(command)), help];
  for (let at = 0; at < line.length - 1; at++) {
    const word = line[at] ?? "";
    if (command?.launches && word === "--") return behind(command.name, line.length - 2 - at);
    const { name = "", value } = partsOf(word);
    const spelling = optionsNow().find(([one]) => nameOf(one) === name)?.[0];
    if (spelling !== undefined) {
      if (takesValue(spelling) && value === undefined) {
        at += 1;
        if (at === line.length - 1) return withConfig(optionValues[name] ?? { kind: "nothing" }, config);
      }
      if (name === "--config") config = value ?? line[at];
      continue;
    }
    if (command === undefined) {
      command = commands.find(({ name }) => name === word);
      // `help` is no command of its own: what it shows is another's.
      const shown = word === "help" ? places["help"]?.[line.length - 2 - at] : undefined;
      if (command === undefined) return shown ?? { kind: "nothing" };
      continue;
    }
    if (command.launches) return behind(command.name, line.length - 1 - at);
    if (!word.startsWith("-")) before.push(word);
  }
  const { name, value } = partsOf(current);
  if (name !== undefined && value !== undefined) return prefixed(withConfig(optionValues[name] ?? { kind: "nothing" }, config), `${name}=`);
  if (current.startsWith("-")) {
    const options = optionsNow().map(([spelling, meaning]): Candidate => [nameOf(spelling), meaning]);
    return { kind: "words", words: options.filter(([option]) => command?.refuses?.includes(option) !== true) };
  }
  if (command === undefined) return allCommands;
  if (command.launches) return command.name === "run" ? { kind: "words", words: [["--", "the program follows"]] } : { kind: "files" };
  const here = places[command.name]?.[before.length] ?? places[`${command.name} ${before[0]}`]?.[before.length - 1];
  return withConfig(here ?? { kind: "nothing" }, config);
}

/** Among the arguments of another program; the first of `run` names it. */
function behind(command: string, count: number): Candidates {
  return { kind: command === "run" && count === 0 ? "programs" : "files" };
}

function withConfig(candidates: Candidates, config: string | undefined): Candidates {
  return config !== undefined && candidates.kind === "names" ? { ...candidates, config } : candidates;
}

/** `--profile=` stays before each name, since a shell completes whole words. */
function prefixed(candidates: Candidates, before: string): Candidates {
  if (candidates.kind === "words") return { kind: "words", words: candidates.words.map(([word, meaning]) => [before + word, meaning]) };
  return candidates.kind === "names" ? { ...candidates, before } : candidates;
}
