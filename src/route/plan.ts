import type { Failure } from "../model/failure.ts";
import type { Quirks } from "../model/quirks.ts";
import { tiers } from "../model/tiers.ts";
import { mergeQuirks, quirksOf } from "../providers/quirks-of.ts";
import { modelByPart, namesInShort } from "./by-part.ts";
import { nearest } from "./nearest.ts";
import { type Profile, type Provider, type Target, type Targets, targetName } from "./target.ts";
import { type Role, wireIds } from "./wire-ids.ts";

/** What may answer a request: targets in order of preference. */
export interface Plan {
  /** "exact": the client named this very target, so nothing else may answer. */
  readonly role: Role | "exact";
  readonly targets: Targets;
}

/** The names of a provider's models, as far as they are known. */
type Listed = (provider: string) => readonly string[] | undefined;

/** Finds what a model's name means. The order is a promise to users, and the first match counts: a role's id, `provider/model`, a tier's name. */
export function resolveModel(profile: Profile, name: string, listed: Listed = () => undefined): Plan | { readonly failure: Failure } {
  const asked = withoutWindowMark(name);
  const role = roleNamed(profile, asked);
  if (role !== undefined) return { role, targets: targetsOf(profile, role) };
  if (asked.includes("/")) {
    const target = exactTarget(profile, asked, listed);
    if (target === undefined) return { failure: unknown(profile, asked) };
    return "failure" in target ? target : { role: "exact", targets: [target] };
  }
  const tier = tiers.find((candidate) => asked.toLowerCase().includes(candidate)) ?? "main";
  return { role: tier, targets: targetsOf(profile, tier) };
}

/** Claude Code appends `[1m]` to any model's name to ask for a large window. */
export function withoutWindowMark(name: string): string {
  return name.replace(/\[1m\]$/i, "");
}

export function targetsOf(profile: Profile, role: Role): Targets {
  if (role === "main") return profile.main;
  return role === "subagent" ? (profile.subagent ?? profile.main) : profile.tiers[role];
}

/** A role by its id in this launch, or by what the profile calls it: "subagent". */
function roleNamed(profile: Profile, asked: string): Role | undefined {
  const ids = Object.entries(wireIds(profile)) as [Role, string][];
  const lower = asked.toLowerCase();
  return (ids.find(([, id]) => id === asked) ?? ids.find(([role, id]) => id.toLowerCase() === lower || role === lower))?.[0];
}

/**
 * The target that `provider/model` names, as the profile has it if it does; only the first slash counts. At a local server a name that it does
 * not list may be part of one that it does. A part of several is refused here, with their names: the server would refuse it without them.
 */
function exactTarget(profile: Profile, asked: string, listed: Listed): Target | { readonly failure: Failure } | undefined {
  const slash = asked.indexOf("/");
  const id = asked.slice(0, slash);
  const provider = Object.hasOwn(profile.providers, id) ? profile.providers[id] : undefined;
  const written = asked.slice(slash + 1);
  if (provider === undefined || written === "") return undefined;
  const named = (name: string) => allTargets(profile).find((target) => targetName(target) === name);
  const own = named(asked);
  if (own !== undefined) return own;
  const found = provider.row.kind === "local" ? modelByPart(written, listed(id) ?? []) : undefined;
  if (found !== undefined && "several" in found && provider.row.list !== undefined) {
    const message = `model "${asked}" could be any of ${found.several.length} models of ${id}: ${namesInShort(found.several)}.`;
    return { failure: { kind: "not-found", origin: "fcc", message } };
  }
  const model = found !== undefined && "model" in found ? found.model : written;
  return named(`${id}/${model}`) ?? { provider, model, quirks: configuredQuirks(provider, model) };
}

/** The quirks of any model at a configured provider: the row's for that model, and over them only what configuration changed. */
function configuredQuirks(provider: Provider, model: string): Quirks {
  const changed = Object.entries(provider.quirks).filter(([name, value]) => provider.row.quirks[name as keyof Quirks] !== value);
  return mergeQuirks(quirksOf(provider.row, model), Object.fromEntries(changed));
}

/** Cached, since a profile never changes and each request needs its targets. */
const targets = new WeakMap<Profile, readonly Target[]>();

/** Every target that the profile names, once. Where several places describe one, the first counts: the main model, then the tiers. */
export function allTargets(profile: Profile): readonly Target[] {
  const found = targets.get(profile) ?? targetsIn(profile);
  targets.set(profile, found);
  return found;
}

function targetsIn(profile: Profile): readonly Target[] {
  const all = [...profile.main, ...tiers.flatMap((tier) => profile.tiers[tier]), ...(profile.subagent ?? [])];
  const first = new Map<string, Target>();
  for (const target of all) if (!first.has(targetName(target))) first.set(targetName(target), target);
  return [...first.values()];
}

function unknown(profile: Profile, asked: string): Failure {
  const model = asked.slice(asked.indexOf("/") + 1);
  const ofProviders = model === "" ? [] : Object.keys(profile.providers).map((id) => `${id}/${model}`);
  const near = nearest(asked, [...allTargets(profile).map(targetName), ...ofProviders]);
  const hint = near === undefined ? `The providers are ${Object.keys(profile.providers).join(", ")}.` : `Did you mean "${near}"?`;
  return {
    kind: "not-found",
    origin: "fcc",
    message: `model "${asked}" names no configured provider. ${hint}`,
  };
}
