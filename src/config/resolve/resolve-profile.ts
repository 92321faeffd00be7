import { defined } from "../../model/defined.ts";
import type { Quirks } from "../../model/quirks.ts";
import { perTier } from "../../model/tiers.ts";
import { mergeQuirks, quirksOf } from "../../providers/index.ts";
import type { Profile, Provider, Target, Targets } from "../../route/target.ts";
import type { Configuration } from "../configuration.ts";
import { type ConfigurationError, configurationError, plain } from "../errors.ts";
import { own } from "../files/tree.ts";
import type { TargetSettings } from "../schema/schema.ts";
import { targetKeys, targetParts } from "../targets.ts";
import { type AssembledProvider, assembleProvider } from "./assemble-provider.ts";
import { boundaryOf } from "./boundaries.ts";
import { providerId } from "./known-providers.ts";
import { modelOfFile } from "./model-file.ts";
import { definedLine, type FlatProfile, flattenProfile, writtenProfiles } from "./profiles.ts";
import { configuredProviders, fetchProvider, otherProviders } from "./resolve-provider.ts";
import { unknownProvider } from "./unknown-provider.ts";

export type Resolved =
  | {
      readonly profile: Profile;
      /** Let the main model's server read what the client will send first. Absent: where the server is known to keep it. */
      readonly warm?: boolean;
      /** Where the profile was chosen and defined: "--profile", ".fccrc:9". */
      readonly source: string;
      /** The variables from which secrets were taken: the client's environment loses them, unless its `keepKeys` is set. */
      readonly keyVariables: readonly string[];
      /** One line each, for standard error. */
      readonly notices: readonly string[];
      readonly error?: undefined;
      readonly nothing?: undefined;
    }
  /** Nothing is configured: no profile, no MODEL, no --model. Time to look for servers. */
  | { readonly nothing: true; readonly error?: undefined }
  | { readonly error: ConfigurationError; readonly incomplete?: Incomplete; readonly nothing?: undefined };

/** What the profile is but for what is not there. What no key would help is told first: with "files" it may lack keys too. */
interface Incomplete {
  readonly profile: Profile;
  readonly lacks: "keys" | "files";
}

export const defaultKeepAliveAfter = 20_000;

/** The profile of this launch, with its providers' secrets and files fetched. No network is touched; key commands run. */
export async function resolveProfile(configuration: Configuration): Promise<Resolved> {
  const { choice } = configuration;
  if (choice === undefined) return unchosen(configuration);
  const flat = flattenProfile(configuration, choice.name, choice.source);
  if ("error" in flat) return flat;
  const assembled = assembledFor(flat, configuration);
  if ("error" in assembled) return assembled;
  const { used, on } = assembled;

  const fetched = await Promise.all([...used.values()].map((one) => fetchProvider(configuration, one)));
  const keyed = fetched.filter(({ keys }) => keys.fault === undefined);
  const keyless = fetched.flatMap(({ provider: { id }, keys: { fault } }) => (fault === undefined ? [] : [{ id, fault }]));
  const faults = fetched.flatMap(({ tlsFaults }) => tlsFaults);
  const lacksKey = (settings: TargetSettings) => keyless.some(({ id }) => id === on.get(settings)?.id);
  // What has an alternative in each of its lists is left out.
  const lacking = listsOf(flat).some((list) => list.every(lacksKey)) ? keyless.flatMap(({ fault }) => fault) : [];
  if (faults.length + lacking.length > 0) {
    const incomplete: Incomplete = { profile: profileOf(flat, on, fetched), lacks: faults.length > 0 ? "files" : "keys" };
    return { error: configurationError(...faults, ...lacking), incomplete };
  }
  const others = await otherProviders(configuration, used);
  const reachable = others.flatMap(({ provider }) => (provider === undefined ? [] : [{ provider }]));
  const variables = [...fetched.map(({ keys }) => keys), ...others].flatMap((one) => one.variables);
  const notices = [
    ...fetched.flatMap(({ keys }) => keys.notices),
    ...keyless.map(({ id, fault }) => `${id} is left out: ${fault.join(" ")}`),
  ];
  return {
    profile: profileOf(flat, on, [...keyed, ...reachable]),
    ...(flat.settings.warm !== undefined && { warm: flat.settings.warm }),
    source: flat.source,
    keyVariables: [...new Set(variables)].sort(),
    notices: [...new Set(notices.map(plain))],
  };
}

function unchosen(configuration: Configuration): Resolved {
  if (writtenProfiles(configuration).length === 0) return { nothing: true };
  const sentence = "several profiles are defined, and none is chosen: write `profile: <name>`, or use --profile.";
  return { error: configurationError(sentence, definedLine(configuration)) };
}

/** The providers that a profile's targets are on, by their names and by the targets; or all that is wrong with them. */
function assembledFor(
  { targets }: FlatProfile,
  configuration: Configuration,
):
  | { readonly used: ReadonlyMap<string, AssembledProvider>; readonly on: ReadonlyMap<TargetSettings, AssembledProvider> }
  | { readonly error: ConfigurationError } {
  const { merged, rows } = configuration;
  const configured = configuredProviders(configuration);
  const faults: string[] = [];
  const used = new Map<string, AssembledProvider>();
  const on = new Map<TargetSettings, AssembledProvider>();
  for (const { settings, source } of targets) {
    const { provider: written, model } = targetParts(settings.target);
    const id = providerId(written, rows, configured);
    if (id === undefined) {
      faults.push(unknownProvider({ rows, configured }, written, model, source));
      continue;
    }
    const assembled = used.get(id) ?? assembleProvider(id, merged.layers, rows);
    if ("fault" in assembled) faults.push(...assembled.fault);
    else if (assembled.row.retired !== undefined) faults.push(`${id}: ${assembled.row.retired} (${source})`);
    else {
      used.set(id, assembled);
      on.set(settings, assembled);
    }
  }
  return faults.length > 0 ? { error: configurationError(...new Set(faults)) } : { used, on };
}

function listsOf({ settings }: FlatProfile): readonly (readonly TargetSettings[])[] {
  return targetKeys.flatMap((key) => (settings[key] === undefined ? [] : [settings[key]]));
}

/** Of targets on these providers; others are left out. */
function profileOf(
  flat: FlatProfile,
  on: ReadonlyMap<TargetSettings, AssembledProvider>,
  given: readonly { readonly provider: Provider }[],
): Profile {
  const providers = Object.fromEntries(given.map(({ provider }) => [provider.id, provider]));
  const targetOf = (settings: TargetSettings): readonly Target[] => {
    const assembled = on.get(settings);
    const provider = assembled && own(providers, assembled.id);
    return assembled === undefined || provider === undefined ? [] : [targetOn(provider, assembled.quirks, settings)];
  };
  const targets = (list: readonly TargetSettings[]) => list.flatMap(targetOf) as unknown as Targets;
  const main = targets(flat.settings.model);
  return {
    name: flat.name,
    main,
    tiers: perTier((tier) => (flat.settings[tier] === undefined ? main : targets(flat.settings[tier]))),
    ...(flat.settings.subagent && { subagent: targets(flat.settings.subagent) }),
    providers,
    ...boundaryOf(flat.boundaries),
    keepAliveAfter: flat.settings.keepAliveAfter ?? defaultKeepAliveAfter,
  };
}

/** `written` are the quirks that the configuration gives the provider: over the row's and the model's, under the target's. */
function targetOn(provider: Provider, written: Quirks, settings: TargetSettings): Target {
  const { model } = targetParts(settings.target);
  const { context, maxOutput, reasoning, sampling, behavesAs } = settings;
  const named = provider.row.servesFiles ? modelOfFile(model) : undefined;
  // Who sets it knows that it is understood there.
  const understood: Quirks = sampling?.topK === undefined ? {} : { topK: true };
  const quirks = [written, understood, (settings.quirks ?? {}) as Quirks].reduce(mergeQuirks, quirksOf(provider.row, named ?? model));
  return defined({ provider, model, named, context, maxOutput, reasoning, sampling: sampling && defined(sampling), behavesAs, quirks });
}
