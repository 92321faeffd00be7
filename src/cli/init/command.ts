import {
  homeFolder,
  type LoadOptions,
  loadConfiguration,
  outerBoundary,
  plain,
  type Scope,
  showPath,
  withoutLaunchVariables,
} from "../../config/index.ts";
import { rows } from "../../providers/index.ts";
import { createReach, type Reach } from "../../reach/reach.ts";
import { Abandoned } from "../abandoned.ts";
import type { Context } from "../program.ts";
import { askForTrust, canAsk } from "../trust-question.ts";
import { type Inventory, takeInventory } from "./inventory.ts";
import { type InitOptions, selectByOptions } from "./options.ts";
import type { Work } from "./prepare.ts";
import { scopes } from "./scopes.ts";
import { selectionOf, selectionOn } from "./selection.ts";
import { prepareTried } from "./try.ts";
import { startLine, write } from "./write.ts";

/** Finds what there is, chooses with the user or by options, tries it, and writes it. Answers the exit code. */
export async function init(context: Context): Promise<number> {
  const { output } = context;
  const options: InitOptions = context.options;
  const asking = canAsk() && options.yes !== true;
  const { scope } = options;
  // What it wrote would be another file than the one that was named.
  if (options.config !== undefined)
    return output.fail(["init has no --config: it writes your own file, or with --scope project the project's."]);
  if (scope !== undefined && scope !== "user" && scope !== "project") return output.fail(["--scope is user or project."]);
  const base: LoadOptions = {
    cwd: process.cwd(),
    env: withoutLaunchVariables(process.env),
    rows,
    // A project's file that nobody trusts counts for nothing; only who writes into it must have read it.
    decide(untrusted) {
      if (asking) return askForTrust(untrusted);
      return scope === "project" ? undefined : Promise.resolve(false);
    },
  };
  const configuration = await loadConfiguration(base);
  if (configuration.error) return output.fail(configuration.error.lines);
  const inventory = await takeInventory(configuration, base.cwd, base.env);
  const reach = createReach({ env: base.env, boundary: outerBoundary(configuration) });
  try {
    const work: Work = { context, options, base, configuration, inventory };
    if (asking) return await converse(work, scope, reach);
    const selection = await selectByOptions({ options, inventory, configuration, reach });
    if ("refusal" in selection) return output.fail(selection.refusal.lines, selection.refusal.exitCode);
    for (const notice of selection.notices) output.warn(notice);
    const prepared = await prepareTried(work, selection, scope ?? "user");
    if ("refusal" in prepared) return output.fail(prepared.refusal.lines, prepared.refusal.exitCode);
    if (prepared.verdicts[0]?.state === "stops")
      return output.fail([...prepared.verdicts.map(({ line }) => line), "nothing was written, since a launch would fail."], 1);
    for (const { state, line } of prepared.verdicts) {
      if (state === "works") output.say(line);
      else output.warn(line);
    }
    const fault = await write(work, prepared);
    if (fault !== undefined) return output.fail([fault], 1);
    for (const line of prepared.planned.file.text.trimEnd().split("\n")) output.say(`  ${line}`);
    output.say(`written to ${prepared.planned.file.label}; start it: ${startLine(prepared)}`);
    return 0;
  } finally {
    await reach.close();
  }
}

/** The same with a person: at most a question each for the provider, the model, the small model and the place. */
async function converse(work: Work, wanted: Scope | undefined, reach: Reach): Promise<number> {
  const { configuration, inventory } = work;
  const { besideSpinner, confirm, intro, log, note, outro, spinner } = await import("../prompts.ts");
  const { askModels, askProvider, askScope } = await import("./questions.ts");
  const output = process.stderr;
  try {
    intro("fcc init", { output });
    log.info(inventoryLines(inventory).join("\n"), { output });
    const chosen = await askProvider({ inventory, configuration, reach });
    const selection = chosen.adopt
      ? selectionOf(chosen.adopt)
      : selectionOn(chosen.named, { ...(await askModels(chosen.discovery)), key: chosen.key });
    for (const notice of selection.notices) log.warn(plain(notice), { output });
    const scope = wanted ?? (await askScope(await scopes(work)));
    const busy = spinner({ output });
    busy.start(besideSpinner(`Trying ${plain(selection.models["model"]?.[0] ?? "")} (loading it takes its time)`, output.columns));
    // The spinner takes ^C by ending the process with 0, as if all had been written.
    const left = () => {
      process.exitCode = 1;
    };
    process.once("exit", left);
    const prepared = await prepareTried(work, selection, scope).finally(() => process.off("exit", left));
    if ("refusal" in prepared) {
      busy.stop("It cannot be tried.");
      log.error(prepared.refusal.lines.map(plain).join("\n"), { output });
      outro("Nothing was written.", { output });
      return prepared.refusal.exitCode;
    }
    const bad = prepared.verdicts[0]?.state === "stops";
    busy.stop(bad ? "It does not work yet." : "Tried.");
    const tell = { works: log.success, doubts: log.warn, stops: log.error };
    for (const { state, line } of prepared.verdicts) tell[state](plain(line), { output });
    // ^C is no yes either.
    if (bad && (await confirm({ message: "Write it all the same?", initialValue: false, output })) !== true) {
      outro("Nothing was written.", { output });
      return 1;
    }
    const fault = await write(work, prepared);
    if (fault !== undefined) {
      outro(plain(fault), { output });
      return 1;
    }
    note(plainLines(prepared.planned.file.text), plain(prepared.planned.file.label), { output });
    outro(`Written. Start it:  ${startLine(prepared)}`, { output });
    return 0;
  } catch (error) {
    if (!(error instanceof Abandoned)) throw error;
    outro(error.message === "" ? "Nothing was written." : plain(error.message), { output });
    return 1;
  }
}

function inventoryLines({ clients, servers, strangers, keyed }: Inventory): readonly string[] {
  const line = (what: string, names: readonly string[], none: string) => `${what}: ${plain(names.length === 0 ? none : names.join(", "))}`;
  return [
    line(
      "Running here",
      servers.map(({ discovery, provider }) => discovery.server ?? provider.row.name),
      "no model server at the usual ports",
    ),
    ...strangers.map(plain),
    line(
      "Keys",
      keyed.map(({ name, from }) => `${name} (${from})`),
      "none in the environment",
    ),
    line(
      "Agents",
      clients.flatMap(({ name, path }) => (path === undefined ? [] : [`${name} (${showPath(path, path, homeFolder())})`])),
      "none; fcc offers to install one at the first start",
    ),
  ];
}

const plainLines = (text: string) => text.trimEnd().split("\n").map(plain).join("\n");
