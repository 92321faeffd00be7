import { firstCause } from "../../checks/index.ts";
import { clients } from "../../clients/index.ts";
import { foldersOf, homeFolder, plain } from "../../config/index.ts";
import { findClient } from "../../launch/find.ts";
import { thisMachine } from "../../launch/machine.ts";
import type { Environment } from "../../model/environment.ts";
import { didYouMean } from "../../route/nearest.ts";
import type { Target } from "../../route/target.ts";
import { print, printJson } from "../print.ts";
import type { Context } from "../program.ts";
import type { LaunchOptions } from "../split.ts";
import type { AgentTask } from "./agent.ts";
import { examineModels } from "./examine-models.ts";
import { writeFixes } from "./fix.ts";
import { findingLines, verdictLines } from "./lines.ts";
import { lookRound } from "./machine.ts";
import { startWalk } from "./walk.ts";

interface DoctorOptions {
  readonly json?: true;
  readonly fix?: true;
  /** commander's `--no-agent`. */
  readonly agent?: boolean;
}

/** Takes the way of a launch, step by step; then drives the agent itself, once. Ends as the launch would. */
export async function doctor(context: Context, named?: string): Promise<number> {
  const { output } = context;
  const options: LaunchOptions & DoctorOptions = context.options;
  const env = process.env;
  // Zero where the terminal does not know.
  const width = process.stdout.columns || undefined;
  const ids = clients.map(({ id }) => id);
  if (named !== undefined && !ids.includes(named))
    return output.fail([`${plain(named)} is not a client of fcc.${didYouMean(named, ids)}`, `There are ${ids.join(", ")}.`]);
  const chosen = choose(named, env);

  const walk = startWalk({
    onExamined(one) {
      if (options.json !== true) print(findingLines(one, width));
    },
    waiting: ({ title }) => output.say(`still waiting at "${title}": a model may take minutes to load; ^C ends this`),
  });
  const { configuration, resolved } = await lookRound(walk, { options, ...chosen, env });
  let target: Target | undefined;
  if (configuration !== undefined && resolved !== undefined) {
    target = await examineModels(walk, {
      ...chosen,
      profile: resolved.profile,
      taken: resolved.keyVariables,
      env,
      cache: configuration.folders.cache,
      wanted: options.agent !== false,
      say: output.say,
    });
  }
  const { examined, exitCode } = walk;
  const fixed =
    options.fix === true && configuration !== undefined ? await writeFixes(configuration, target?.provider, examined) : undefined;
  if (options.json === true) {
    const cause = firstCause(examined);
    printJson({ ok: exitCode === 0, ...(cause && { cause }), checks: examined, ...(fixed && { fixed }) });
  } else {
    print(["", ...verdictLines(examined, width)]);
    if (fixed !== undefined) output.say(fixed);
  }
  return exitCode;
}

/** The client that was named, else the first that is installed. */
function choose(named: string | undefined, env: Environment): Pick<AgentTask, "client" | "program"> {
  const places = { env, home: homeFolder(), machine: thisMachine(), data: foldersOf({ env }).data };
  const seen = clients
    .filter(({ id }) => named === undefined || id === named)
    .map((client) => ({ client, program: findClient(client, places) }));
  const chosen = seen.find(({ program }) => program !== undefined) ?? seen[0];
  if (chosen === undefined) throw new Error("no client is known");
  return chosen;
}
