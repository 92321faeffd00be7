import { own } from "../files/tree.ts";
import { type AssembledProvider, placesOf } from "../resolve/assemble-provider.ts";
import type { HeaderSource, KeySource } from "../schema/secret-sources.ts";
import { type Fetched, fetchSecret, type SecretContext } from "./secrets.ts";
import type { StoredKey } from "./stored-keys.ts";

/** The secrets of one provider, and what to say of them. */
export interface ProviderKeys {
  readonly keys: readonly string[];
  /** For messages: "OPENROUTER_API_KEY", "~/.secrets/vllm". */
  readonly from?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Variables that a secret was taken from. */
  readonly variables: readonly string[];
  readonly notices: readonly string[];
  /** Why a needed secret is not there: lines of an error. */
  readonly fault?: readonly string[];
}

export interface Keys {
  /** "cheap" leaves commands alone: for providers that may never be used. */
  of(provider: AssembledProvider, how?: "cheap"): Promise<ProviderKeys>;
  /** After a 401 or 403: commands run again, files and variables are read again. */
  refresh(provider: AssembledProvider): Promise<ProviderKeys>;
  /** The same with these over what is stored. */
  with(keys: Readonly<Record<string, StoredKey>>): Keys;
}

/** Commands run once a launch, however many providers, keys and headers name them. */
export function createKeys(context: SecretContext, stored: Readonly<Record<string, StoredKey>>): Keys {
  const ran = new Map<string, Promise<Fetched>>();
  const fetch = (source: KeySource | HeaderSource, folder?: string): Promise<Fetched> => {
    if (source.command === undefined) return fetchSecret(source, context);
    const name = nameOf(source, folder);
    const running = ran.get(name) ?? fetchSecret(source, { ...context, folder });
    ran.set(name, running);
    return running;
  };

  const of = async (provider: AssembledProvider, how?: "cheap"): Promise<ProviderKeys> => {
    const { key, id } = provider;
    const isTaken = (source: KeySource | HeaderSource) => how !== "cheap" || source.command === undefined;
    const keys: { secret: string; from: string }[] = [];
    const notices: string[] = [];
    const variables: string[] = [];
    const fault: string[] = [];
    const take = (source: KeySource | HeaderSource, fetched: Fetched) => {
      if (fetched.fault !== undefined) return undefined;
      if (fetched.notice !== undefined) notices.push(fetched.notice);
      if (source.env !== undefined) variables.push(source.env);
      return fetched.secret;
    };

    // Documented variables that are set to what can be no key.
    const unusable: string[] = [];
    if (key.from === "row") {
      for (const name of provider.row.key?.env ?? []) {
        const one = await fetch({ env: name });
        const secret = take({ env: name }, one);
        if (secret !== undefined) {
          keys.push({ secret, from: name });
          break;
        }
        if (one.fault !== undefined && context.env[name]?.trim()) unusable.push(one.fault);
      }
    } else if (key.from === "sources") {
      const missing: string[] = [];
      const wanted = key.sources.filter(isTaken).map(async (source) => ({ source, one: await fetch(source, key.folder) }));
      for (const { source, one } of await Promise.all(wanted)) {
        const secret = take(source, one);
        if (secret !== undefined) keys.push({ secret, from: one.from });
        else if (one.fault !== undefined) missing.push(`${one.fault} (${key.where}).`);
      }
      // One of several keys is enough to start; that another is missing should be known.
      if (keys.length > 0) notices.push(...missing.map((why) => `${id} goes without one of its keys: ${why}`));
      else fault.push(...missing.map((why) => `no key for ${id}: ${why}`));
    }
    const kept = keys.length === 0 && key.from !== "sources" ? own(stored, id) : undefined;
    if (kept !== undefined && isFor(provider, kept)) keys.push({ secret: kept.key, from: "fcc keys" });
    const needed = provider.row.key !== undefined && provider.row.key.optional !== true;
    const lacks = keys.length === 0 && key.from === "row" && needed;
    if (lacks && unusable.length === 0) fault.push(`no key for ${id}. Set ${provider.row.key?.env[0]}, or run \`fcc keys set ${id}\`.`);
    else if (lacks) fault.push(...unusable.map((why) => `no key for ${id}: ${why}.`));
    else notices.push(...unusable.map((why) => `${id} goes without one of its keys: ${why}.`));
    if (keys.length === 0 && key.from === "dropped") {
      const stays =
        key.written === undefined ? provider.row.key?.env.find((name) => context.env[name]) : `the key of ${id} (${key.written})`;
      const law = `a key belongs to the address that it came with, and ${key.where} names another. Write providers.${id}.key there, or run \`fcc keys set ${id}\`.`;
      if (needed) fault.push(`no key for ${id}: ${law}`);
      else if (stays !== undefined) notices.push(`${stays} is not sent to ${placesOf(provider).join(", ")}: ${law}`);
    }
    if (kept !== undefined && keys.length === 0 && fault.length === 0)
      notices.push(
        `the stored key of ${id} is not sent to ${placesOf(provider).join(", ")}: it was stored for ${kept.origins.join(", ")}. \`fcc keys set ${id}\` stores one anew.`,
      );

    const headers: Record<string, string> = { ...provider.row.headers };
    for (const [name, { source, where, folder }] of Object.entries(provider.headers)) {
      if (!isTaken(source)) continue;
      const fetched = await fetch(source, folder);
      const value = take(source, fetched);
      if (value !== undefined) headers[name] = value;
      else if (fetched.fault !== undefined) fault.push(`no header ${name} for ${id}: ${fetched.fault} (${where}).`);
    }
    return {
      keys: keys.map(({ secret }) => secret),
      ...(keys.length > 0 && { from: keys.map(({ from }) => from).join(", ") }),
      headers,
      variables,
      notices,
      ...(fault.length > 0 && { fault }),
    };
  };

  const refresh = (provider: AssembledProvider) => {
    const { key, headers } = provider;
    if (key.from === "sources") for (const source of key.sources) ran.delete(nameOf(source, key.folder));
    for (const { source, folder } of Object.values(headers)) ran.delete(nameOf(source, folder));
    return of(provider);
  };
  return { of, refresh, with: (keys) => createKeys(context, { ...stored, ...keys }) };
}

const nameOf = ({ command }: KeySource | HeaderSource, folder: string | undefined) => JSON.stringify([folder, command]);

/** A stored key goes only where the provider was when it was stored. */
function isFor(provider: AssembledProvider, { origins }: StoredKey): boolean {
  return placesOf(provider).every((place) => origins.includes(place));
}
