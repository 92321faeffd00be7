import {
  type Configuration,
  type Draft,
  defaultOf,
  type LoadOptions,
  loadConfiguration,
  type Planned,
  plan,
  resolveProfile,
  type Scope,
  type StoredKey,
  withNewKeys,
} from "../../config/index.ts";
import type { Profile } from "../../route/target.ts";
import { checkBoundary } from "../launch/boundary.ts";
import type { Context } from "../program.ts";
import { type Refusal, refused } from "../refusal.ts";
import type { Inventory } from "./inventory.ts";
import type { InitOptions } from "./options.ts";
import type { Selection } from "./selection.ts";

/** What a run of `fcc init` works on. */
export interface Work {
  readonly context: Context;
  readonly options: InitOptions;
  readonly base: LoadOptions;
  readonly configuration: Configuration;
  readonly inventory: Inventory;
}

export interface Prepared {
  readonly planned: Planned;
  /** What is to be stored with it. */
  readonly keys: Readonly<Record<string, StoredKey>>;
  /** What a launch would make of it. */
  readonly profile: Profile;
  readonly name: string;
  /** A launch here takes it without being told: no file above its own names another. */
  readonly isTaken: boolean;
}

/** The file of a scope as it would stand with a selection, and the profile that a launch would find there. Nothing is written or stored. */
export async function prepare(work: Work, selection: Selection, scope: Scope): Promise<Prepared | { readonly refusal: Refusal }> {
  const { base, configuration, options } = work;
  const name = options.profile ?? nameOf(work, selection, scope);
  const current = defaultOf(configuration, scope);
  const isDefault = options.profile === undefined || current === undefined || current === name;
  const draft: Draft = { profile: name, makeDefault: isDefault, models: selection.models, providers: selection.providers };
  const planned = await plan(scope, draft, { cwd: base.cwd, folders: configuration.folders });
  if ("fault" in planned) return refused(2, planned.fault);

  const loaded = await loadConfiguration({
    ...base,
    draft: { ...planned, saidBy: saidBy(options, selection) },
    options: { profile: name },
  });
  const keyed = loaded.error ? loaded : withNewKeys(loaded, selection.keys);
  if (keyed.error) return { refusal: keyed.error };
  const resolved = await resolveProfile(keyed.configuration);
  if (!("profile" in resolved)) return resolved.error ? { refusal: resolved.error } : refused(1, "nothing is configured.");
  const { profile } = resolved;
  const outside = await checkBoundary(profile, base.env);
  if (outside !== undefined) return { refusal: outside };
  const above = scope === "user" ? defaultOf(configuration, "project") : undefined;
  return { planned, keys: keyed.keys, profile, name, isTaken: isDefault && (above ?? name) === name };
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
