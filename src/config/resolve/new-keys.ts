import type { Configuration } from "../configuration.ts";
import { type ConfigurationError, configurationError } from "../errors.ts";
import { keyFault, type StoredKey } from "../secrets/stored-keys.ts";
import { providerOrigins } from "./resolve-provider.ts";

/**
 * The configuration as it would be with these keys stored, by the name of their provider: each for the places that the provider has there.
 * Nothing is stored, so that a key which is only tried leaves nothing behind; `keys` are what to store once it is wanted.
 */
export function withNewKeys(
  configuration: Configuration,
  texts: Readonly<Record<string, string>>,
):
  | { readonly configuration: Configuration; readonly keys: Readonly<Record<string, StoredKey>>; readonly error?: undefined }
  | { readonly error: ConfigurationError } {
  const keys: [string, StoredKey][] = [];
  for (const [id, text] of Object.entries(texts)) {
    const found = providerOrigins(configuration, id);
    const fault = found.error ? found.error.lines.join(" ") : keyFault(text);
    if (found.error || fault !== undefined) return { error: configurationError(`the key for ${id} cannot be stored: ${fault}.`) };
    keys.push([id, { key: text.trim(), origins: found.origins }]);
  }
  const all = Object.fromEntries(keys);
  return { configuration: { ...configuration, keys: configuration.keys.with(all) }, keys: all };
}
