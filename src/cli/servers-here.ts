import { type Configuration, resolveProvider } from "../config/index.ts";
import { addressOfBind } from "../config/resolve/bind-address.ts";
import { discover, discoverLocal, type Found } from "../discover/index.ts";
import type { Environment } from "../model/environment.ts";
import type { Failure } from "../model/failure.ts";
import { rows } from "../providers/index.ts";
import type { Reach } from "../reach/reach.ts";
import { strangerAt } from "../system/stranger.ts";
import { originOf, providerAt } from "./provider-at.ts";

/** Providers whose address a documented variable names (OLLAMA_HOST); one that is no address names nothing. */
export function namedByVariable(env: Environment): readonly string[] {
  return Object.values(rows).flatMap((row) => {
    const written = row.baseUrlEnv === undefined ? undefined : env[row.baseUrlEnv];
    return written !== undefined && addressOfBind(written, row) !== undefined ? [row.id] : [];
  });
}

interface ServersHere {
  /** Those of the providers that were named, wherever they are. */
  readonly named: readonly Found[];
  /** Those of them that do not answer. */
  readonly silent: readonly Found[];
  /** The others, at the usual ports of this machine. */
  readonly others: readonly Found[];
  /** Where another user's program stands at one of them, which reads what it is sent and tells an agent what to do. */
  readonly strangers: readonly string[];
}

/** This machine is called by its name or by its address. */
export function isAtSamePlace(one: Found, other: Found): boolean {
  const [a, b] = [one, other].map(({ provider }) => originOf(provider).replace(/\/\/localhost(?=:|$)/, "//127.0.0.1"));
  return a === b;
}

/** Something there wants a key, or another one. */
export function wantsKey(failure: Failure | undefined): boolean {
  return failure?.kind === "unauthorized" || failure?.kind === "forbidden";
}

/** It was asked without a key, and wants one. */
export function lacksKey({ provider, discovery }: Found): boolean {
  return provider.keys.length === 0 && wantsKey(discovery.failure);
}

/** Why a server did not say what models it has. */
export function failureLine({ provider: { id, keySource }, discovery: { failure } }: Found): string {
  const line = `${failure?.provider ?? id}: ${failure?.message.replace(/\n\s*/g, " ")}`;
  // A server that refuses a key does not say whose.
  if (failure?.kind !== "unauthorized") return line;
  return `${line} ${keySource === undefined ? `(there is no key: \`fcc keys set ${id}\` stores one)` : `(the key of ${keySource})`}`;
}

/** That a server does not answer, and what to do about it. */
export const silence = ({ discovery: { failure } }: Found) => (failure?.message ?? "").replace(/\n\s*/g, " ");

/** How a server fails that is not there. */
const down = new Set<Failure["kind"] | undefined>(["unreachable", "cut-off", "timed-out"]);

/** The model servers that answer: of the providers that something names, and on this machine. `patience`: milliseconds for the first. */
export async function serversHere(
  configuration: Configuration,
  ids: Iterable<string>,
  reach: Reach,
  { env, patience }: { readonly env: Environment; readonly patience: number },
): Promise<ServersHere> {
  const askNamed = async (id: string): Promise<Found | undefined> => {
    const resolved = await resolveProvider(configuration, id);
    if (resolved.error || resolved.provider.row.kind !== "local") return undefined;
    const discovery = await discover(resolved.provider, reach, { patience });
    return { provider: resolved.provider, discovery };
  };
  const [local, ...asked] = await Promise.all([discoverLocal(reach, (row, root) => providerAt(row, root, env)), ...[...ids].map(askNamed)]);
  const named = asked.flatMap((found) => found ?? []);
  const isDown = ({ discovery }: Found) => down.has(discovery.failure?.kind);
  const known = named.filter((found) => !isDown(found));
  // What a file or a variable names is that provider, wherever it is.
  const others = local.filter((one) => !known.some((other) => isAtSamePlace(one, other)));
  const isStrange = ({ provider }: Found) => strangerAt(Number(new URL(originOf(provider)).port)) !== undefined;
  const strange = others.filter(isStrange);
  // One that `fcc keys` has a key for is asked with it.
  const withKey = async (found: Found): Promise<Found> => {
    const resolved = lacksKey(found) ? await resolveProvider(configuration, found.provider.id) : undefined;
    if (resolved === undefined || resolved.error) return found;
    const { provider } = resolved;
    if (provider.keys.length === 0 || originOf(provider) !== originOf(found.provider)) return found;
    return { provider, discovery: await discover(provider, reach, { patience }) };
  };
  return {
    named: known,
    silent: named.filter(isDown),
    others: await Promise.all(others.filter((one) => !strange.includes(one)).map(withKey)),
    strangers: strange.map(({ provider }) => `${provider.row.name} at ${originOf(provider)} is another user's: name it to use it.`),
  };
}
