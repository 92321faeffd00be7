import {
  type Configuration,
  type Draft,
  defaultOf,
  type LoadOptions,
  loadConfiguration,
  type Planned,
  placeOf,
  plan,
  providerOrigins,
  removeStoredKey,
  resolveProfile,
  reviewProject,
  type Scope,
  save,
  setStoredKey,
} from "../../config/index.ts";
import { readStoredKeys } from "../../config/secrets/stored-keys.ts";
import { shellWord } from "../../config/shell-words.ts";
import { rows } from "../../providers/index.ts";
import type { Profile } from "../../route/target.ts";
import type { Context } from "../program.ts";
import type { Refusal } from "../refusal.ts";
import type { Inventory } from "./inventory.ts";
import type { InitOptions } from "./options.ts";
import type { Selection } from "./selection.ts";
import { otherWire, tryProfile, type Verdict } from "./try.ts";

/** What a run of `fcc init` works on. */
export interface Work {
  readonly context: Context;
  readonly options: InitOptions;
  readonly base: LoadOptions;
  readonly configuration: Configuration;
  readonly inventory: Inventory;
}

/** Where the configuration may be written. */
export interface Scopes {
  readonly labels: Readonly<Record<Scope, string>>;
  /** The likeliest first. */
  readonly allowed: readonly Scope[];
}

export async function scopes({ base, configuration }: Work): Promise<Scopes> {
  const { folders } = configuration;
  const [user, project] = await Promise.all([placeOf("user", { ...base, folders }), placeOf("project", { ...base, folders })]);
  const state = configuration.files.find(({ role }) => role === "project")?.state;
  const allowed: readonly Scope[] = state === "not trusted" ? ["user"] : state === "read" ? ["project", "user"] : ["user", "project"];
  return { labels: { user: user.label, project: project.label }, allowed };
}

export interface Prepared {
  readonly planned: Planned;
  /** What a launch would make of it. */
  readonly profile: Profile;
  readonly name: string;
  readonly isDefault: boolean;
  /** Takes back the keys that were stored for the try. */
  forget(): Promise<void>;
}

/** The draft of a selection, after a real request to each model; where the main one answers on another wire only, that one is written. */
export async function prepareTried(
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

  const load = () => loadConfiguration({ ...base, draft: { ...planned, saidBy: saidBy(options, selection) }, options: { profile: name } });
  const before = readStoredKeys(configuration.folders);
  const forget = async () => {
    for (const id of Object.keys(selection.keys)) {
      const had = before[id];
      if (had === undefined) await removeStoredKey(configuration.folders, id);
      else await setStoredKey(configuration.folders, id, had.key, had.origins);
    }
  };
  const first = await load();
  if (first.error) return { refusal: first.error };
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
    return { refusal: resolved.error ?? { exitCode: 1, lines: ["nothing is configured."] } };
  }
  return { planned, profile: resolved.profile, name, isDefault, forget };
}

/** The option that said a value of the selection's provider. */
function saidBy({ baseUrl, keyEnv }: InitOptions, { providers }: Selection): (path: readonly (string | number)[]) => string | undefined {
  return ([section, id = "", ...inside]) => {
    if (section !== "providers" || !Object.hasOwn(providers, id)) return undefined;
    if (keyEnv !== undefined && inside[0] === "key") return "--key-env";
    return baseUrl !== undefined && inside.at(-1) === "baseUrl" ? "--base-url" : undefined;
  };
}

/** The default profile where it is on the same provider already: then it is changed rather than given a neighbour. */
function nameOf({ configuration }: Work, { name, models }: Selection, scope: Scope): string {
  const current = defaultOf(configuration, scope);
  const profile = current === undefined ? undefined : configuration.merged.settings.profiles?.[current];
  const provider = models["model"]?.[0]?.split("/")[0];
  return current !== undefined && profile?.model?.[0]?.target.startsWith(`${provider}/`) === true ? current : name;
}

export async function write({ base, context }: Work, planned: Planned): Promise<void> {
  await save(planned);
  if (planned.scope !== "project") return;
  // Who wrote it need not be asked whether it is trusted.
  const trusted = await reviewProject({ cwd: base.cwd, env: base.env, rows, decide: async () => true });
  if (trusted.error) context.output.fail(trusted.error.lines);
}

export function startLine({ name, isDefault }: Prepared): string {
  return isDefault ? "fcc claude" : `fcc claude --profile ${shellWord(name)}`;
}
