import type { Client } from "../clients/client.ts";
import { clients } from "../clients/index.ts";
import { type Configuration, foldersOf, homeFolder, placeOf, plain, planEdits, reviewProject, type Scope, save } from "../config/index.ts";
import { type Examined, examine, type Fix, firstCause, type Listener } from "../doctor/index.ts";
import { findClient, type Program } from "../launch/find.ts";
import { thisMachine } from "../launch/machine.ts";
import { rows } from "../providers/index.ts";
import { didYouMean } from "../route/nearest.ts";
import type { Profile } from "../route/target.ts";
import { agentCheck } from "./doctor-agent.ts";
import { findingLines, verdictLines } from "./doctor-lines.ts";
import { machineChecks, type Ready } from "./doctor-machine.ts";
import { modelChecks, wayOfMain } from "./doctor-model.ts";
import { fitAbilities } from "./launch-abilities.ts";
import { wholeNames } from "./launch-names.ts";
import { fitOllama } from "./launch-ollama.ts";
import { neededWindow } from "./launch-room.ts";
import { askWindows } from "./launch-windows.ts";
import { createCopies } from "./ollama-copies.ts";
import type { ResolvedProfile } from "./profile-for.ts";
import type { Context } from "./program.ts";
import { openRehearsal } from "./rehearsal.ts";
import type { LaunchOptions } from "./split.ts";
import { windowMemory } from "./window-memory.ts";

interface DoctorOptions {
  readonly json?: true;
  readonly fix?: true;
  /** commander's `--no-agent`. */
  readonly agent?: boolean;
}

/** Every precondition of a launch, in order; then the agent itself, once. Answers 1 where a launch would fail, 2 where what was written is why. */
export async function doctor(context: Context, named?: string): Promise<number> {
  const { output } = context;
  const options: LaunchOptions & DoctorOptions = context.options;
  const env = process.env;
  const listener: Listener = {
    tell(one) {
      if (options.json !== true) process.stdout.write(`${findingLines(one).join("\n")}\n`);
    },
    waiting: ({ title }) => output.say(`still waiting at "${title}": a model may take minutes to load; ^C ends this`),
  };
  const ready: Ready = {};
  const ids = clients.map(({ id }) => id);
  if (named !== undefined && !ids.includes(named))
    return output.fail([`${plain(named)} is not a client of fcc.${didYouMean(named, ids)}`, `There are ${ids.join(", ")}.`]);
  const chosen = choose(named, env);

  let examined = await examine(machineChecks({ options, ...chosen, env, ready }), listener);
  const { configuration, resolved } = ready;
  if (configuration !== undefined && resolved !== undefined && !examined.some(({ id, state }) => id === "key" && state === "bad")) {
    examined = await examineModels({ examined, listener, configuration, resolved, options, chosen, env });
  }
  const fixed = options.fix === true && configuration !== undefined ? await fix(configuration, resolved?.profile, examined) : undefined;
  if (options.json === true) {
    const ok = !examined.some(({ state }) => state === "bad");
    const cause = firstCause(examined);
    process.stdout.write(`${JSON.stringify({ ok, ...(cause && { cause }), checks: examined, ...(fixed && { fixed }) }, null, 2)}\n`);
  } else {
    process.stdout.write(`\n${verdictLines(examined).join("\n")}\n`);
    if (fixed !== undefined) output.say(fixed);
  }
  if (ready.wrong) return 2;
  return examined.some(({ state }) => state === "bad") ? 1 : 0;
}

interface Chosen {
  readonly client: Client;
  readonly program: Program | undefined;
}

/** The client that was named, else the first that is installed. */
function choose(named: string | undefined, env: NodeJS.ProcessEnv): Chosen {
  const machine = thisMachine();
  const { data } = foldersOf({ env });
  const seen = clients
    .filter(({ id }) => named === undefined || id === named)
    .map((client): Chosen => ({ client, program: findClient(client, { env, home: homeFolder(), machine, data }) }));
  const [first] = [...seen.filter(({ program }) => program !== undefined), ...seen];
  if (first === undefined) throw new Error("no client is known");
  return first;
}

interface Examining {
  readonly examined: readonly Examined[];
  readonly listener: Listener;
  readonly configuration: Configuration;
  readonly resolved: ResolvedProfile;
  readonly options: DoctorOptions;
  readonly chosen: Chosen;
  readonly env: NodeJS.ProcessEnv;
}

async function examineModels({
  examined,
  listener,
  configuration,
  resolved,
  options,
  chosen,
  env,
}: Examining): Promise<readonly Examined[]> {
  const rehearsal = await openRehearsal(resolved.profile, env, neededWindow(chosen.client, []));
  const copies = createCopies(configuration.folders.cache, rehearsal.reach);
  try {
    const reached = await examine(wayOfMain(rehearsal, env), { before: examined, ...listener });
    const isUp = !reached.some(({ state, id }) => state === "bad" && ["via", "http-proxy", "dns", "tcp", "tls"].includes(id));
    // As a launch does before its client starts: the window is made large enough where the server allows it.
    const windows = await askWindows(rehearsal.profile, rehearsal.reach, windowMemory(configuration.folders.cache));
    const whole = await wholeNames(rehearsal.profile, windows);
    const seeing = fitAbilities(whole.profile, windows).profile;
    const needed = neededWindow(chosen.client, []);
    const fitted = isUp ? await fitOllama(seeing, { windows, needed, reach: rehearsal.reach, copies }) : { profile: seeing };
    const { profile } = fitted;
    const agent = agentCheck({
      ...chosen,
      profile: async () => ({ profile, windows }),
      reach: rehearsal.reach,
      env,
      taken: resolved.keyVariables,
      wanted: options.agent !== false,
    });
    return await examine([...modelChecks(profile, windows, rehearsal, chosen.client), agent], { before: reached, ...listener });
  } finally {
    await copies.close();
    await rehearsal.close();
  }
}

/** Writes what the checks found out into the file that defines the provider, else into the user's own. */
async function fix(configuration: Configuration, profile: Profile | undefined, examined: readonly Examined[]): Promise<string> {
  const fixes = examined.flatMap(({ fix: one }) => (one === undefined ? [] : [one]));
  const provider = profile?.main[0].provider.id;
  if (fixes.length === 0 || provider === undefined) return "there is nothing that --fix could write";
  const cwd = process.cwd();
  const defines = (scope: Scope) => {
    const layer = configuration.merged.layers.find(({ name }) => name === scope);
    return Object.hasOwn(layer?.settings.providers ?? {}, provider);
  };
  const scope: Scope = defines("project") ? "project" : "user";
  const place = await placeOf(scope, { cwd, folders: configuration.folders });
  // Beside a command that leads there, which is not to be lost.
  const viaPath = ["providers", provider, "via", ...(profile?.main[0].provider.via === undefined ? [] : ["wire"])];
  const edits = fixes.flatMap((one: Fix) => [
    ...(one.via === undefined ? [] : [{ path: viaPath, value: one.via, comment: "found by `fcc doctor`" }]),
    ...(one.quirks === undefined ? [] : [{ path: ["providers", provider, "quirks", "refusedFields"], value: one.quirks.refusedFields }]),
  ]);
  const planned = planEdits(scope, place, edits);
  if ("fault" in planned) return planned.fault;
  await save(planned);
  if (scope === "project") await reviewProject({ cwd, env: process.env, rows, decide: async () => true });
  return `written to ${plain(planned.file.label)}: ${edits.map(({ path }) => path.join(".")).join(", ")}; run \`fcc doctor\` again`;
}
