import { readFileSync } from "node:fs";
import type { Quirks } from "../model/quirks.ts";
import { type Tier, tiers } from "../model/tiers.ts";
import { over, quirksOf } from "../providers/index.ts";
import type { Boundary, Profile, Provider, Target, Targets, TlsFiles } from "../route/target.ts";
import { type AssembledProvider, assembleProvider, configuredIds, placesOf } from "./assemble-provider.ts";
import type { Configuration } from "./configuration.ts";
import { type ConfigurationError, configurationError, plain, reason } from "./errors.ts";
import type { ProviderKeys } from "./keys.ts";
import { providerId } from "./known-providers.ts";
import { modelOfFile } from "./model-file.ts";
import { didYouMean, nearest } from "./nearest.ts";
import { type FlatProfile, flattenProfile, unknownProfile } from "./profiles.ts";
import type { BoundarySettings, TargetSettings } from "./schema.ts";
import { defined, own } from "./tree.ts";

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
  | { readonly error: ConfigurationError; readonly nothing?: undefined };

export const defaultKeepAliveAfter = 20_000;

/** The profile of this launch (or the one named), with its providers' secrets and files fetched. No network is touched; key commands run. */
export async function resolveProfile(configuration: Configuration, name?: string): Promise<Resolved> {
  const { merged } = configuration;
  const wanted = name ?? configuration.choice?.name;
  if (wanted === undefined) {
    const written = Object.keys(merged.settings.profiles ?? {}).filter(
      (profile) => merged.leaves.get(`profiles.${profile}.model`)?.layer !== "built-in",
    );
    if (written.length === 0) return { nothing: true };
    return {
      error: configurationError(
        "several profiles are defined, and none is chosen: write `profile: <name>`, or use --profile.",
        unknownProfile.defined(configuration),
      ),
    };
  }
  const flat = flattenProfile(configuration, wanted, name === undefined ? configuration.choice?.source : undefined);
  if ("error" in flat) return flat;

  const used = new Map<string, AssembledProvider>();
  const faults: string[] = [];
  const configured = configuredIds(merged.layers);
  for (const { settings, source } of flat.targets) {
    const [, written = "", model = ""] = /^([^/]+)\/(.+)$/s.exec(settings.target) ?? [];
    const id = providerId(written, configuration.rows, configured);
    if (id === undefined) {
      faults.push(unknownProvider(configuration, written, model, source));
      continue;
    }
    if (used.has(id)) continue;
    const assembled = assembleProvider(id, merged.layers, configuration.rows);
    if ("fault" in assembled) faults.push(...assembled.fault);
    else if (assembled.row.retired !== undefined) faults.push(`${id}: ${assembled.row.retired} (${source})`);
    else used.set(id, assembled);
  }
  if (faults.length > 0) return { error: configurationError(...new Set(faults)) };

  const notices: string[] = [];
  const variables: string[] = [];
  const providers: Record<string, Provider> = {};
  await Promise.all(
    [...used.values()].map(async (assembled) => {
      const tls = readTls(assembled);
      const keys = await configuration.keys.of(assembled);
      faults.push(...(keys.fault ?? []), ...tls.faults);
      notices.push(...keys.notices);
      variables.push(...keys.variables);
      providers[assembled.id] = providerOf(assembled, keys, tls.files);
    }),
  );
  if (faults.length > 0) return { error: configurationError(...faults) };
  for (const other of await otherProviders(configuration, used)) {
    providers[other.provider.id] = other.provider;
    variables.push(...other.variables);
  }
  return {
    profile: profileOf(flat, providers, configuration),
    ...(flat.settings.warm !== undefined && { warm: flat.settings.warm }),
    source: flat.source,
    keyVariables: [...new Set(variables)].sort(),
    notices: [...new Set(notices.map(plain))],
  };
}

/** One provider with its secrets, commands included: for `provider/model` in a request, and (`refresh`) after a 401. */
export async function resolveProvider(
  configuration: Configuration,
  id: string,
  how?: "refresh",
): Promise<{ provider: Provider; error?: undefined } | { error: ConfigurationError }> {
  const known = providerId(id, configuration.rows, configuredIds(configuration.merged.layers));
  if (known === undefined) return { error: configurationError(unknownProvider(configuration, id, undefined, undefined)) };
  const assembled = assembleProvider(known, configuration.merged.layers, configuration.rows);
  if ("fault" in assembled) return { error: configurationError(...assembled.fault) };
  const [keys, tls] = await Promise.all([
    how === "refresh" ? configuration.keys.refresh(assembled) : configuration.keys.of(assembled),
    readTls(assembled),
  ]);
  const faults = [...(keys.fault ?? []), ...tls.faults];
  return faults.length > 0 ? { error: configurationError(...faults) } : { provider: providerOf(assembled, keys, tls.files) };
}

/** The places that a provider's key may be sent to now: what `fcc keys set` stores the key for. */
export function providerOrigins(
  configuration: Configuration,
  id: string,
): { origins: readonly string[]; error?: undefined } | { error: ConfigurationError } {
  const known = providerId(id, configuration.rows, configuredIds(configuration.merged.layers));
  if (known === undefined) return { error: configurationError(unknownProvider(configuration, id, undefined, undefined)) };
  const assembled = assembleProvider(known, configuration.merged.layers, configuration.rows);
  return "fault" in assembled ? { error: configurationError(...assembled.fault) } : { origins: placesOf(assembled) };
}

/** The boundary that holds whatever the profile: for looking round before there is one. */
export function outerBoundary(configuration: Configuration): Boundary | undefined {
  const { boundaries } = configuration.merged;
  return boundaries.length === 0 ? undefined : boundaries.map(({ boundary }) => boundaryOf(boundary));
}

/** The providers that the configuration mentions, beside the rows. */
export function configuredProviders(configuration: Configuration): string[] {
  return configuredIds(configuration.merged.layers);
}

/** Providers that no target of the profile names, but a request may. Nothing is run or refused for them. */
async function otherProviders(
  configuration: Configuration,
  used: ReadonlyMap<string, unknown>,
): Promise<{ provider: Provider; variables: readonly string[] }[]> {
  const configured = configuredIds(configuration.merged.layers);
  const ids = [...new Set([...Object.keys(configuration.rows), ...configured])].filter((id) => !used.has(id));
  const all = await Promise.all(
    ids.map(async (id) => {
      const assembled = assembleProvider(id, configuration.merged.layers, configuration.rows);
      if ("fault" in assembled || assembled.row.kind === "demo" || assembled.row.servesFiles || assembled.row.retired !== undefined)
        return [];
      const keys = await configuration.keys.of(assembled, "cheap");
      const tls = readTls(assembled);
      const reachable = keys.keys.length > 0 || configured.includes(id) || assembled.row.kind === "local";
      return reachable && tls.faults.length === 0 ? [{ provider: providerOf(assembled, keys, tls.files), variables: keys.variables }] : [];
    }),
  );
  return all.flat();
}

function providerOf(assembled: AssembledProvider, keys: ProviderKeys, tls: TlsFiles | undefined): Provider {
  return {
    id: assembled.id,
    row: assembled.row,
    speaks: assembled.addresses,
    keys: keys.keys,
    ...(keys.from !== undefined && { keySource: keys.from }),
    headers: keys.headers,
    quirks: over(assembled.row.quirks, assembled.quirks),
    timeout: assembled.timeout,
    ...(tls && { tls }),
    ...(assembled.via && { via: assembled.via }),
    source: assembled.source,
  };
}

function readTls({ id, tls, tlsSource }: AssembledProvider): { files?: TlsFiles; faults: readonly string[] } {
  if (tls === undefined) return { faults: [] };
  const faults: string[] = [];
  const files: Record<string, string> = {};
  for (const part of ["ca", "cert", "key"] as const) {
    const path = tls[part];
    if (path === undefined) continue;
    try {
      const text = readFileSync(path, "utf8");
      if (text.includes("-----BEGIN ")) files[part] = text;
      else faults.push(`providers.${id}.tls.${part}: ${path} is no PEM file (${tlsSource}).`);
    } catch (error) {
      faults.push(`providers.${id}.tls.${part}: ${path} cannot be read: ${reason(error)} (${tlsSource}).`);
    }
  }
  return { files: { ...files, ...(tls.serverName !== undefined && { serverName: tls.serverName }) }, faults };
}

function profileOf(flat: FlatProfile, providers: Readonly<Record<string, Provider>>, configuration: Configuration): Profile {
  const configured = configuredIds(configuration.merged.layers);
  const targets = (list: readonly TargetSettings[]): Targets =>
    list.map((settings) => {
      const slash = settings.target.indexOf("/");
      const id = providerId(settings.target.slice(0, slash), configuration.rows, configured) ?? "";
      return targetOf(settings, own(providers, id) as Provider, configuration);
    }) as unknown as Targets;
  const main = targets(flat.settings.model);
  const boundaries: Boundary = flat.boundaries.map(boundaryOf);
  return {
    name: flat.name,
    main,
    tiers: Object.fromEntries(
      tiers.map((tier) => [tier, flat.settings[tier] === undefined ? main : targets(flat.settings[tier])]),
    ) as Record<Tier, Targets>,
    ...(flat.settings.subagent && { subagent: targets(flat.settings.subagent) }),
    providers,
    ...(boundaries.length > 0 && { boundary: boundaries }),
    keepAliveAfter: flat.settings.keepAliveAfter ?? defaultKeepAliveAfter,
  };
}

function targetOf(settings: TargetSettings, provider: Provider, configuration: Configuration): Target {
  const model = settings.target.slice(settings.target.indexOf("/") + 1);
  const { context, maxOutput, reasoning, sampling, behavesAs } = settings;
  const assembled = assembleProvider(provider.id, configuration.merged.layers, configuration.rows);
  const written = "fault" in assembled ? {} : assembled.quirks;
  const named = provider.row.servesFiles ? modelOfFile(model) : undefined;
  return {
    provider,
    model,
    ...(named !== undefined && { named }),
    ...(context !== undefined && { context }),
    ...(maxOutput !== undefined && { maxOutput }),
    ...(reasoning !== undefined && { reasoning }),
    ...(sampling !== undefined && { sampling: defined(sampling) }),
    ...(behavesAs !== undefined && { behavesAs }),
    quirks: over(over(quirksOf(provider.row, named ?? model), written), (settings.quirks ?? {}) as Quirks),
  };
}

export function boundaryOf(settings: BoundarySettings): Boundary[number] {
  return settings.within ?? settings.admits ?? [];
}

function unknownProvider(configuration: Configuration, id: string, model: string | undefined, source: string | undefined): string {
  const known = [...new Set([...configuredIds(configuration.merged.layers), ...Object.keys(configuration.rows)])];
  const place = source === undefined ? "" : ` (${source})`;
  const near = nearest(id, known);
  if (near !== undefined && model !== undefined) return `"${id}" is not a known provider${place}. Did you mean "${near}/${model}"?`;
  return `"${id}" is not a known provider${place}.${didYouMean(id, known) || " `fcc providers` lists them."}`;
}
