import type { AssembledProvider } from "../resolve/assemble-provider.ts";
import type { HeaderSource, KeySource } from "../schema/secret-sources.ts";
import { gatherSecrets, type ProviderKeys } from "./gather.ts";
import { type Fetched, fetchSecret, type SecretContext } from "./secrets.ts";
import type { StoredKey, StoredKeys } from "./stored-keys.ts";

export interface Keys {
  /**
   * "cheap" leaves commands alone: for providers that may never be used. "refresh", after a 401 or 403: commands run again, files and variables
   * are read again.
   */
  of(provider: AssembledProvider, how?: "cheap" | "refresh"): Promise<ProviderKeys>;
  /** Of these variables those that are set. */
  held(variables: readonly string[]): readonly string[];
  /** The same with these over what is stored. */
  with(keys: Readonly<Record<string, StoredKey>>): Keys;
}

/** Commands run once a launch, however many providers, keys and headers name them. */
export function createKeys(context: SecretContext, stored: StoredKeys): Keys {
  const ran = new Map<string, Promise<Fetched>>();
  const fetch = (source: KeySource | HeaderSource, folder?: string): Promise<Fetched> => {
    if (source.command === undefined) return fetchSecret(source, context);
    const name = nameOf(source, folder);
    const running = ran.get(name) ?? fetchSecret(source, { ...context, folder });
    ran.set(name, running);
    return running;
  };

  const forget = ({ key, headers }: AssembledProvider) => {
    if (key.from === "sources") for (const source of key.sources) ran.delete(nameOf(source, key.folder));
    for (const { source, folder } of Object.values(headers)) ran.delete(nameOf(source, folder));
  };
  return {
    of(provider, how) {
      if (how === "refresh") forget(provider);
      return gatherSecrets(provider, { env: context.env, stored, fetch }, how === "cheap");
    },
    held: (variables) => variables.filter((name) => context.env[name]?.trim()),
    with: (keys) => createKeys(context, () => ({ ...stored(), ...keys })),
  };
}

const nameOf = ({ command }: KeySource | HeaderSource, folder: string | undefined) => JSON.stringify([folder, command]);
