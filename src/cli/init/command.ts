import { type LoadOptions, loadConfiguration, outerBoundary, type Scope, withoutLaunchVariables } from "../../config/index.ts";
import { rows } from "../../providers/index.ts";
import { createReach, type Reach } from "../../reach/reach.ts";
import type { Context } from "../program.ts";
import { askForTrust, canAsk } from "../trust-question.ts";
import { takeInventory } from "./inventory.ts";
import { type InitOptions, selectByOptions } from "./options.ts";
import type { Work } from "./prepare.ts";
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
  // Not repeated: who takes it for the key's own option gives the key.
  if (options.keyEnv !== undefined && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(options.keyEnv))
    return output.fail(["--key-env must be the name of a variable, not its value."]);
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
  if (configuration.error) return output.refuse(configuration.error);
  const reach = createReach({ env: base.env, boundary: outerBoundary(configuration).boundary });
  try {
    const inventory = await takeInventory(configuration, base.cwd, base.env, reach);
    const work: Work = { context, options, base, configuration, inventory };
    if (asking && !isChosen(options)) {
      const { converse } = await import("./converse.ts");
      return await converse(work, scope, reach);
    }
    return await byOptions(work, scope ?? "user", reach);
  } finally {
    await reach.close();
  }
}

/** Without a question: what the options choose is written where it works. */
async function byOptions(work: Work, scope: Scope, reach: Reach): Promise<number> {
  const { options, inventory, configuration } = work;
  const { output } = work.context;
  const selection = await selectByOptions({ options, inventory, configuration, reach });
  if ("refusal" in selection) return output.refuse(selection.refusal);
  for (const notice of selection.notices) output.warn(notice);
  const prepared = await prepareTried(work, selection, scope);
  if ("refusal" in prepared) return output.refuse(prepared.refusal);
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
}

/** What leaves nothing to ask, or what no question would ask for. A provider or an address alone is where the questions start. */
function isChosen({ model, haiku, keyEnv, from }: InitOptions): boolean {
  return [model, haiku, keyEnv, from].some((option) => option !== undefined);
}
