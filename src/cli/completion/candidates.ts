import { clients } from "../../clients/index.ts";
import { commands, launchOptions, sharedOptions } from "../commands.ts";

/** One thing that could stand at the cursor, and a word on it. */
export type Candidate = readonly [word: string, meaning: string];

/** What could stand at the cursor: words that are known here, names that the configuration knows, or something that only the shell knows. */
export type Candidates =
  | { readonly kind: "words"; readonly words: readonly Candidate[] }
  | { readonly kind: "profiles" | "models" | "providers" | "stored keys"; readonly config?: string; readonly before?: string }
  | { readonly kind: "files" | "folders" | "programs" | "nothing" };

const shells: readonly Candidate[] = ["bash", "zsh", "fish"].map((name) => [name, ""]);
const named = (...names: readonly string[]): Candidates => ({ kind: "words", words: names.map((name) => [name, ""]) });

/** What stands behind a command, or a command of it, place by place. */
const places: Readonly<Record<string, readonly Candidates[]>> = {
  providers: [{ kind: "providers" }],
  config: [named("show", "explain", "path", "schema")],
  keys: [named("set", "list", "remove")],
  "keys set": [{ kind: "providers" }],
  "keys remove": [{ kind: "stored keys" }],
  trust: [{ kind: "folders" }],
  completion: [{ kind: "words", words: shells }],
  doctor: [{ kind: "words", words: clients.map(({ id, name }) => [id, name]) }],
  help: [{ kind: "words", words: commands.map(({ name, summary }) => [name, summary]) }],
};

const optionValues: Readonly<Record<string, Candidates>> = {
  "--profile": { kind: "profiles" },
  "--model": { kind: "models" },
  "--config": { kind: "files" },
  "--trace": { kind: "files" },
  "--provider": { kind: "providers" },
  "--scope": named("user", "project"),
  "--from": named("claude-code-router", "free-claude-code", "environment"),
};

/** Whether an option, as its help spells it, takes a value: `--haiku <name>`. */
const takesValue = (spelling: string) => spelling.includes(" ");
const nameOf = (spelling: string) => spelling.split(" ")[0] ?? spelling;

/** What could stand in the place of the last of these words, which follow `fcc`. The walk is that of `split`: a client's own arguments end it. */
export function candidatesFor(words: readonly string[]): Candidates {
  const current = words.at(-1) ?? "";
  let command: (typeof commands)[number] | undefined;
  let config: string | undefined;
  const before: string[] = [];
  const optionsNow = () => (command === undefined || command.launches ? launchOptions : [...(command.options ?? []), ...sharedOptions]);
  for (let at = 0; at < words.length - 1; at++) {
    const word = words[at] ?? "";
    if (command?.launches && word === "--") return behind(command.name, words.length - 2 - at);
    const [option = "", inline] = /^(--[a-z-]+)(?:=(.*))?$/s.exec(word)?.slice(1) ?? [];
    const spelling = optionsNow().find(([one]) => nameOf(one) === option)?.[0];
    if (spelling !== undefined) {
      if (takesValue(spelling) && inline === undefined) {
        at += 1;
        if (at === words.length - 1) return withConfig(optionValues[option] ?? { kind: "nothing" }, config);
      }
      if (option === "--config") config = inline ?? words[at];
      continue;
    }
    if (command === undefined) {
      command = commands.find(({ name }) => name === word);
      // `help` is no command of its own: what it shows is another's.
      const shown = word === "help" ? places["help"]?.[words.length - 2 - at] : undefined;
      if (command === undefined) return shown ?? { kind: "nothing" };
      continue;
    }
    if (command.launches) return behind(command.name, words.length - 1 - at);
    if (!word.startsWith("-")) before.push(word);
  }
  const [, option, value] = /^(--[a-z-]+)=(.*)$/s.exec(current) ?? [];
  if (option !== undefined && value !== undefined) {
    return prefixed(withConfig(optionValues[option] ?? { kind: "nothing" }, config), `${option}=`);
  }
  if (current.startsWith("-")) return { kind: "words", words: optionsNow().map(([spelling, meaning]) => [nameOf(spelling), meaning]) };
  if (command === undefined) return { kind: "words", words: commands.map(({ name, summary }) => [name, summary]) };
  if (command.launches) return command.name === "run" ? { kind: "words", words: [["--", "the program follows"]] } : { kind: "files" };
  const here = places[command.name]?.[before.length] ?? places[`${command.name} ${before[0]}`]?.[before.length - 1];
  return withConfig(here ?? { kind: "nothing" }, config);
}

/** Among the arguments of another program; the first of `run` names it. */
function behind(command: string, count: number): Candidates {
  return { kind: command === "run" && count === 0 ? "programs" : "files" };
}

function withConfig(candidates: Candidates, config: string | undefined): Candidates {
  return config !== undefined && (candidates.kind === "profiles" || candidates.kind === "models")
    ? { kind: candidates.kind, config }
    : candidates;
}

/** `--profile=` stays before each name, since a shell completes whole words. */
function prefixed(candidates: Candidates, before: string): Candidates {
  if (candidates.kind === "words") return { kind: "words", words: candidates.words.map(([word, meaning]) => [before + word, meaning]) };
  return candidates.kind === "profiles" || candidates.kind === "models" || candidates.kind === "providers"
    ? { ...candidates, before }
    : candidates;
}
