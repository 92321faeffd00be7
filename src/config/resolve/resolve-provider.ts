import { mergeQuirks } from "../../providers/index.ts";
import { type Provider, storedKeys } from "../../route/target.ts";
import type { Configuration } from "../configuration.ts";
import { type ConfigurationError, configurationError } from "../errors.ts";
import { own } from "../files/tree.ts";
import type { ProviderKeys } from "../secrets/gather.ts";
import { type AssembledProvider, assembleProvider, placesOf } from "./assemble-provider.ts";
import { configuredIds, providerId } from "./known-providers.ts";
import { readTls } from "./tls-files.ts";
import { unknownProvider } from "./unknown-provider.ts";

/** One provider with its secrets, commands included: for `provider/model` in a request, and (`refresh`) after a 401 or 403. */
export async function resolveProvider(
  configuration: Configuration,
  id: string,
  how?: "refresh",
): Promise<{ provider: Provider; error?: undefined } | { error: ConfigurationError }> {
  const { assembled, error } = assembleNamed(configuration, id);
  if (error) return { error };
  const { provider, keys, tlsFaults } = await fetchProvider(configuration, assembled, how);
  const faults = [...(keys.fault ?? []), ...tlsFaults];
  return faults.length > 0 ? { error: configurationError(...faults) } : { provider };
}

/** The places that a provider's key may be sent to now: what `fcc keys set` stores the key for. `id` is its name in the configuration. */
export function providerOrigins(
  configuration: Configuration,
  name: string,
): { id: string; origins: readonly string[]; error?: undefined } | { error: ConfigurationError } {
  const { assembled, error } = assembleNamed(configuration, name);
  if (error) return { error };
  const { id, row } = assembled;
  if (row.kind === "demo" || row.servesFiles === true)
    return { error: configurationError(`${id} takes no key: a launch makes one for it.`) };
  return { id, origins: placesOf(assembled) };
}

/** What has a key for the provider that is sent in the place of a stored one: a line of a file, or a variable. */
export async function keyBeforeStored(configuration: Configuration, id: string): Promise<string | undefined> {
  const { assembled } = assembleNamed(configuration, id);
  if (assembled === undefined) return undefined;
  if (assembled.key.from === "sources") return assembled.key.where;
  const { from } = await configuration.keys.of(assembled, "cheap");
  return from === storedKeys ? undefined : from;
}

/** One provider to be shown: nothing is run for it, and a key that is not there is no fault. */
export async function lookUpProvider(
  configuration: Configuration,
  name: string,
): Promise<{ provider: Provider; error?: undefined } | { error: ConfigurationError }> {
  const { assembled, error } = assembleNamed(configuration, name);
  return error ? { error } : { provider: (await fetchProvider(configuration, assembled, "cheap")).provider };
}

/** The provider that a person names, as the configuration has it. */
function assembleNamed(
  configuration: Configuration,
  name: string,
): { assembled: AssembledProvider; error?: undefined } | { assembled?: undefined; error: ConfigurationError } {
  const { rows } = configuration;
  const configured = configuredProviders(configuration);
  const id = providerId(name, rows, configured);
  if (id === undefined) return { error: configurationError(unknownProvider({ rows, configured }, name)) };
  const assembled = assembleProvider(id, configuration.merged.layers, rows);
  return "fault" in assembled ? { error: configurationError(...assembled.fault) } : { assembled };
}

/** Its secrets and files with it. "cheap" runs no command; "refresh" runs commands again. */
export async function fetchProvider(
  configuration: Configuration,
  assembled: AssembledProvider,
  how?: "cheap" | "refresh",
): Promise<{ readonly provider: Provider; readonly keys: ProviderKeys; readonly tlsFaults: readonly string[] }> {
  const tls = readTls(assembled);
  const keys = await configuration.keys.of(assembled, how);
  const provider: Provider = {
    id: assembled.id,
    row: assembled.row,
    speaks: assembled.addresses,
    keys: keys.keys,
    ...(keys.from !== undefined && { keySource: keys.from }),
    headers: keys.headers,
    quirks: mergeQuirks(assembled.row.quirks, assembled.quirks),
    timeout: assembled.timeout,
    ...(tls.files && { tls: tls.files }),
    ...(assembled.via && { via: assembled.via }),
    source: assembled.source,
  };
  return { provider, keys, tlsFaults: tls.faults };
}

/** The providers that the configuration mentions, beside the rows. */
export function configuredProviders(configuration: Configuration): string[] {
  return configuredIds(configuration.merged.layers);
}

/** What a provider that no target of the profile names has: itself, where a request can name it, and the variables that hold its keys. */
interface OtherProvider {
  readonly provider?: Provider;
  readonly variables: readonly string[];
}

/** The variables that files name for a provider's key, whichever of them counts. */
function keysNamed({ layers }: Configuration["merged"], id: string): readonly string[] {
  return layers.flatMap(({ settings }) => own(settings.providers, id)?.key ?? []).flatMap(({ env }) => env ?? []);
}

/** Providers that no target of the profile names, but a request may. Nothing is run or refused for them. */
export async function otherProviders(configuration: Configuration, used: ReadonlyMap<string, unknown>): Promise<readonly OtherProvider[]> {
  const { rows, keys: secrets, merged } = configuration;
  const configured = configuredProviders(configuration);
  const ids = [...new Set([...Object.keys(rows), ...configured])].filter((id) => !used.has(id));
  return Promise.all(
    ids.map(async (id): Promise<OtherProvider> => {
      const assembled = assembleProvider(id, merged.layers, rows);
      // Without an address, such as that of the customer's own resource, a key is a key all the same.
      if ("fault" in assembled) return { variables: secrets.held([...(own(rows, id)?.key?.env ?? []), ...keysNamed(merged, id)]) };
      if (assembled.row.kind === "demo" || assembled.row.servesFiles || assembled.row.retired !== undefined) return { variables: [] };
      const { provider, keys, tlsFaults } = await fetchProvider(configuration, assembled, "cheap");
      const reachable = keys.keys.length > 0 || configured.includes(id) || assembled.row.kind === "local";
      return { ...(reachable && tlsFaults.length === 0 && { provider }), variables: keys.variables };
    }),
  );
}
