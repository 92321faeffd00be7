import { CommanderError, Command as Parser } from "commander";
import { builtIn } from "../config/files/layers.ts";
import { isQuiet } from "../config/told.ts";
import { rows } from "../providers/index.ts";
import { didYouMean } from "../route/nearest.ts";
import { commands, type Described, optionsOf, sharedOptions } from "./commands.ts";
import { createOutput, type Output } from "./output.ts";
import type { CommandLine, LaunchOptions } from "./split.ts";

/** What every command that reads the configuration gets. */
export interface Context {
  readonly output: Output;
  readonly options: LaunchOptions;
}

/** The commands that launch nothing. Each is loaded when it runs. */
export async function runCommand({ command, args, options }: CommandLine): Promise<number> {
  const output = createOutput(false);
  if (!commands.some(({ name }) => name === command)) return output.fail(notACommand(command));
  // Before the command all of a launch's options are read; who writes --dry-run must not find that something was done.
  const stray = (["dry-run", "trace", "trace-bodies"] as const).find((name) => options[name] !== undefined);
  if (stray !== undefined)
    return output.fail([`${command} has no --${stray}: that is an option of a launch.`, `\`fcc ${command} --help\` shows how it is used.`]);
  let exitCode = 0;
  // Options may stand before the command as well as after it; the later ones win.
  const act =
    <A extends readonly unknown[]>(action: (context: Context, ...args: A) => Promise<number>) =>
    async (...given: unknown[]) => {
      const all: LaunchOptions = { ...options, ...(given.at(-1) as Parser).optsWithGlobals() };
      const empty = Object.entries(all).find(([, value]) => value === "")?.[0];
      if (empty !== undefined) throw new CommanderError(2, "fcc.empty", `--${kebab(empty)} needs a value`);
      const context = { output: createOutput(isQuiet({ options: all, env: process.env })), options: all };
      exitCode = await action(context, ...(given.slice(0, -2) as unknown as A));
    };
  const program = new Parser("fcc")
    .exitOverride()
    .configureOutput({ writeErr: () => {}, outputError: () => {} })
    .helpOption(false)
    .helpCommand(false);
  const withOptions = (parser: Parser, options: readonly Described[]) => options.reduce((all, [spelling]) => all.option(spelling), parser);
  const parser = (name: string) => withOptions(program.command(name), commands.filter((one) => one.name === name).flatMap(optionsOf));
  const within = (group: Parser, name: string) => withOptions(group.command(name), sharedOptions);

  const config = parser("config");
  within(config, "show").action(act(async (context) => (await import("./config-command.ts")).showConfig(context)));
  within(config, "explain")
    .argument("[key]")
    .action(act(async (context, key?: string) => (await import("./config-command.ts")).explainConfig(context, key)));
  within(config, "path").action(act(async (context) => (await import("./config-command.ts")).showPaths(context)));
  within(config, "schema").action(act(async () => (await import("./config-command.ts")).showSchema()));

  const keys = parser("keys");
  within(keys, "set")
    .argument("<provider>")
    .argument("[key]")
    .action(act(async (context, provider: string, key?: string) => (await import("./keys-command.ts")).setKey(context, provider, key)));
  within(keys, "list").action(act(async (context) => (await import("./keys-command.ts")).listKeys(context)));
  within(keys, "remove")
    .argument("<provider>")
    .action(act(async (context, provider: string) => (await import("./keys-command.ts")).removeKey(context, provider)));

  parser("trust")
    .argument("[folder]")
    .action(act(async (context, folder?: string) => (await import("./trust-command.ts")).trustFolder(context, folder)));
  parser("init").action(act(async (context) => (await import("./init/command.ts")).init(context)));
  parser("doctor")
    .argument("[client]")
    .action(act(async (context, client?: string) => (await import("./doctor/command.ts")).doctor(context, client)));
  parser("models").action(act(async (context) => (await import("./models/command.ts")).listModels(context)));
  parser("providers")
    .argument("[id]")
    .action(act(async (context, id?: string) => (await import("./providers-command.ts")).showProviders(context, id)));

  try {
    await program.parseAsync([command, ...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return output.fail([sentenceOf(error), `\`fcc ${command} --help\` shows how it is used.`]);
  }
  return exitCode;
}

function notACommand(word: string): readonly string[] {
  const one = `${word} is not a command of fcc`;
  if (Object.hasOwn(builtIn.tree.profiles, word)) return [`${one} but a profile: fcc claude --profile ${word}`];
  if (Object.hasOwn(rows, word))
    return [`${one} but a provider: fcc claude --model ${word}/<model>`, `\`fcc providers ${word}\` shows it.`];
  const same = commands.find(({ elsewhere = [] }) => elsewhere.includes(word.toLowerCase()))?.name;
  const names = [...commands.map(({ name }) => name), "--version"];
  const meant = same === undefined ? didYouMean(word, names) : ` Did you mean "${same}"?`;
  return [`${one}.${meant}`, "`fcc --help` lists them."];
}

/** Commander's "error: missing required argument 'provider'" without its first word; a group without a command has no message. */
function sentenceOf({ message, code }: CommanderError): string {
  if (code === "commander.help") return "which of its commands?";
  return message.replace(/^error: /, "").replace(/\s*\n\s*/g, " ");
}

/** `baseUrl` as it is written: `base-url`. */
const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
