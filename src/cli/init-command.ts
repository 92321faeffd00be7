import { homedir } from "node:os";
import {
  type Configuration,
  type ConfigurationError,
  type Draft,
  defaultOf,
  type LoadOptions,
  loadConfiguration,
  type Planned,
  placeOf,
  plain,
  plan,
  providerOrigins,
  removeStoredKey,
  resolveProfile,
  reviewProject,
  type Scope,
  save,
  setStoredKey,
} from "../config/index.ts";
import { readStoredKeys } from "../config/stored-keys.ts";
import { rows } from "../providers/index.ts";
import { createReach } from "../reach/reach.ts";
import type { Profile } from "../route/target.ts";
import { type Inventory, takeInventory } from "./init-found.ts";
import { type InitOptions, type Selection, selectByOptions, selectionOf } from "./init-options.ts";
import { otherWire, tryProfile, type Verdict } from "./init-try.ts";
import type { Refusal } from "./launch-checks.ts";
import type { Context } from "./program.ts";
import { askForTrust, canAsk } from "./trust-question.ts";

/** Finds what there is, chooses with the user or by options, tries it, and writes it. Answers the exit code. */
export async function init(context: Context): Promise<number> {
  const { output } = context;
  const options: InitOptions = context.options;
  const asking = canAsk() && options.yes !== true;
  if (options.scope !== undefined && options.scope !== "user" && options.scope !== "project") {
    output.fail(["--scope is user or project."]);
    return 2;
  }
  const base: LoadOptions = {
    cwd: process.cwd(),
    // What one launch is told by a variable does not belong in a file.
    env: { ...process.env, FCC_CONFIG: undefined, FCC_PROFILE: undefined, FCC_MODEL: undefined },
    rows,
    // A project's file that nobody trusts counts for nothing; only who writes into it must have read it.
    decide: (untrusted) => (asking ? askForTrust(untrusted) : options.scope === "project" ? undefined : Promise.resolve(false)),
  };
  const configuration = await loadConfiguration(base);
  if (configuration.error) return refused(context, configuration.error);
  const inventory = await takeInventory(configuration, base.cwd, base.env);
  const reach = createReach({ env: base.env });
  try {
    const work = { context, options, base, configuration, inventory };
    if (asking) return await converse(work, reach);
    const selection = await selectByOptions({ options, inventory, configuration, reach });
    if ("refusal" in selection) return refused(context, selection.refusal);
    for (const notice of selection.notices) output.warn(notice);
    const prepared = await prepareTried(work, selection, options.scope ?? "user");
    if ("refusal" in prepared) return refused(context, prepared.refusal);
    const { verdicts } = prepared;
    for (const { state, line } of verdicts) state === "works" ? output.say(line) : output.warn(line);
    const [main] = verdicts;
    if (main?.state === "stops") {
      await prepared.forget();
      output.fail(["nothing was written, since a launch would fail."]);
      return 1;
    }
    await write(work, prepared.planned);
    for (const line of prepared.planned.file.text.trimEnd().split("\n")) output.say(`  ${line}`);
    output.say(`written to ${prepared.planned.file.label}; start it: ${startLine(prepared)}`);
    return 0;
  } finally {
    await reach.close();
  }
}

interface Work {
  readonly context: Context;
  readonly options: InitOptions;
  readonly base: LoadOptions;
  readonly configuration: Configuration;
  readonly inventory: Inventory;
}

/** The same with a person: at most a question each for the provider, the model, the small model and the place. */
async function converse(work: Work, reach: ReturnType<typeof createReach>): Promise<number> {
  const { configuration, inventory, options } = work;
  const { confirm, intro, log, note, outro, spinner } = await import("@clack/prompts");
  const { answered, askModels, askProvider, askScope, Cancelled } = await import("./init-questions.ts");
  const output = process.stderr;
  try {
    intro("fcc init", { output });
    log.info(inventoryLines(inventory).join("\n"), { output });
    const chosen = await askProvider({ inventory, configuration, reach });
    let selection: Selection;
    if (chosen.adopt) selection = selectionOf(chosen.adopt);
    else {
      const { named, discovery, key } = chosen;
      const { main, haiku } = await askModels(discovery);
      selection = {
        name: named.id,
        models: { model: [`${named.id}/${main}`], haiku: haiku === null ? null : [`${named.id}/${haiku}`] },
        providers: Object.keys(named.draft).length === 0 ? {} : { [named.id]: named.draft },
        keys: key === undefined ? {} : { [named.id]: key },
        notices: [],
      };
    }
    for (const notice of selection.notices) log.warn(plain(notice), { output });
    const scope = (options.scope as Scope | undefined) ?? (await askScope(...(await scopes(work))));
    const busy = spinner({ output });
    busy.start(`Trying ${plain(selection.models["model"]?.[0] ?? "")} (a model that is not loaded yet takes its time)`);
    const prepared = await prepareTried(work, selection, scope);
    if ("refusal" in prepared) {
      busy.stop("It cannot be tried.");
      log.error(prepared.refusal.lines.map(plain).join("\n"), { output });
      outro("Nothing was written.", { output });
      return prepared.refusal.exitCode;
    }
    const { verdicts } = prepared;
    const bad = verdicts.some(({ state }, index) => index === 0 && state === "stops");
    busy.stop(bad ? "It does not work yet." : "Tried.");
    for (const { state, line } of verdicts)
      (state === "works" ? log.success : state === "doubts" ? log.warn : log.error)(plain(line), { output });
    if (bad && !(await answered(confirm({ message: "Write it all the same?", initialValue: false, output })))) {
      await prepared.forget();
      outro("Nothing was written.", { output });
      return 1;
    }
    await write(work, prepared.planned);
    note(plainLines(prepared.planned.file.text), plain(prepared.planned.file.label), { output });
    outro(`Written. Start it:  ${startLine(prepared)}`, { output });
    return 0;
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
    outro(error.message === "" ? "Nothing was written." : plain(error.message), { output });
    return 1;
  }
}

async function scopes({ base, configuration }: Work): Promise<[Record<Scope, string>, Scope[], Scope]> {
  const { folders } = configuration;
  const [user, project] = await Promise.all([placeOf("user", { ...base, folders }), placeOf("project", { ...base, folders })]);
  const state = configuration.files.find(({ role }) => role === "project")?.state;
  const allowed: Scope[] = state === "not trusted" ? ["user"] : ["user", "project"];
  return [{ user: user.label, project: project.label }, allowed, state === "read" ? "project" : "user"];
}

interface Prepared {
  readonly planned: Planned;
  /** What a launch would make of it. */
  readonly profile: Profile;
  readonly name: string;
  readonly isDefault: boolean;
  /** Takes back the keys that were stored for the try. */
  forget(): Promise<void>;
}

/** The same after a real request to each model; where the main one answers on another wire only, that one is written. */
async function prepareTried(
  work: Work,
  selection: Selection,
  scope: Scope,
): Promise<(Prepared & { readonly verdicts: readonly Verdict[] }) | { readonly refusal: Refusal }> {
  const { env } = work.base;
  const prepared = await prepare(work, selection, scope);
  if ("refusal" in prepared) return prepared;
  const verdicts = await tryProfile(prepared.profile, env);
  const { provider } = prepared.profile.main[0];
  if (verdicts[0]?.state !== "stops" || Object.keys(provider.speaks).length < 2) return { ...prepared, verdicts };
  const via = await otherWire(prepared.profile, env);
  if (via === undefined) return { ...prepared, verdicts };
  const providers = { ...selection.providers, [provider.id]: { ...selection.providers[provider.id], via } };
  const again = await prepare(work, { ...selection, providers }, scope);
  return "refusal" in again ? again : { ...again, verdicts: await tryProfile(again.profile, env) };
}

/** The file as it would stand, and the profile that a launch would find in it. Keys are stored, since the try needs them. */
async function prepare(work: Work, selection: Selection, scope: Scope): Promise<Prepared | { readonly refusal: Refusal }> {
  const { base, configuration, options } = work;
  const name = options.profile ?? nameOf(work, selection, scope);
  const current = defaultOf(configuration, scope);
  const isDefault = options.profile === undefined || current === undefined || current === name;
  const draft: Draft = { profile: name, makeDefault: isDefault, models: selection.models, providers: selection.providers };
  const planned = await plan(scope, draft, { cwd: base.cwd, folders: configuration.folders });
  if ("fault" in planned) return { refusal: { exitCode: 2, lines: [planned.fault] } };

  const load = () => loadConfiguration({ ...base, draft: planned, options: { profile: name } });
  const before = await readStoredKeys(configuration.folders);
  const forget = async () => {
    for (const id of Object.keys(selection.keys)) {
      const had = before[id];
      if (had === undefined) await removeStoredKey(configuration.folders, id);
      else await setStoredKey(configuration.folders, id, had.key, had.origins);
    }
  };
  const first = await load();
  if (first.error) return { refusal: refusalOf(first.error) };
  for (const [id, key] of Object.entries(selection.keys)) {
    const origins = providerOrigins(first, id);
    const wrong = origins.error ? origins.error.lines.join(" ") : await setStoredKey(configuration.folders, id, key, origins.origins);
    if (wrong !== undefined) {
      await forget();
      return { refusal: { exitCode: 2, lines: [`the key for ${id} cannot be stored: ${wrong}.`] } };
    }
  }
  const loaded = Object.keys(selection.keys).length === 0 ? first : await load();
  const resolved = loaded.error ? loaded : await resolveProfile(loaded);
  if (resolved.error || !("profile" in resolved)) {
    await forget();
    return { refusal: resolved.error ? refusalOf(resolved.error) : { exitCode: 1, lines: ["nothing is configured."] } };
  }
  return { planned, profile: resolved.profile, name, isDefault, forget };
}

/** The default profile where it is on the same provider already: then it is changed rather than given a neighbour. */
function nameOf({ configuration }: Work, { name, models }: Selection, scope: Scope): string {
  const current = defaultOf(configuration, scope);
  const profile = current === undefined ? undefined : configuration.merged.settings.profiles?.[current];
  const provider = models["model"]?.[0]?.split("/")[0];
  return current !== undefined && profile?.model?.[0]?.target.startsWith(`${provider}/`) === true ? current : name;
}

async function write({ base, context }: Work, planned: Planned): Promise<void> {
  await save(planned);
  if (planned.scope !== "project") return;
  // Who wrote it need not be asked whether it is trusted.
  const trusted = await reviewProject({ cwd: base.cwd, env: base.env, rows, decide: async () => true });
  if (trusted.error) context.output.fail(trusted.error.lines);
}

function startLine({ name, isDefault }: Prepared): string {
  return isDefault ? "fcc claude" : `fcc claude --profile ${name}`;
}

function inventoryLines({ clients, servers, keyed }: Inventory): readonly string[] {
  const line = (what: string, names: readonly string[], none: string) => `${what}: ${plain(names.length === 0 ? none : names.join(", "))}`;
  return [
    line(
      "Running here",
      servers.map(({ discovery, provider }) => discovery.server ?? provider.row.name),
      "no model server at the usual ports",
    ),
    line(
      "Keys",
      keyed.map(({ name, from }) => `${name} (${from})`),
      "none in the environment",
    ),
    line(
      "Agents",
      clients.flatMap(({ name, path }) => (path === undefined ? [] : [`${name} (${path.replace(homedir(), "~")})`])),
      "none; fcc offers to install one at the first start",
    ),
  ];
}

const plainLines = (text: string) => text.trimEnd().split("\n").map(plain).join("\n");

const refusalOf = ({ exitCode, lines }: ConfigurationError): Refusal => ({ exitCode, lines });

function refused({ output }: Context, { exitCode, lines }: Refusal): number {
  output.fail(lines);
  return exitCode;
}
