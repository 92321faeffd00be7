import type { Environment } from "../../model/environment.ts";
import { storedKeys } from "../../route/target.ts";
import { reason } from "../errors.ts";
import { own } from "../files/tree.ts";
import { type AssembledProvider, placesOf } from "../resolve/assemble-provider.ts";
import type { AssembledKey } from "../resolve/key-after.ts";
import type { HeaderSource, KeySource } from "../schema/secret-sources.ts";
import { copiedAlong } from "./copied-key.ts";
import { type Fetched, insideSession } from "./secrets.ts";
import type { StoredKey, StoredKeys } from "./stored-keys.ts";

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

/** Where secrets come from in this launch. */
interface Sources {
  readonly env: Environment;
  readonly stored: StoredKeys;
  readonly fetch: (source: KeySource | HeaderSource, folder?: string) => Promise<Fetched>;
}

/** What has been found so far. */
interface Found {
  readonly keys: { readonly secret: string; readonly from: string }[];
  readonly variables: string[];
  readonly notices: string[];
  readonly fault: string[];
}

/** Fetches a provider's keys and headers; without commands where it may never be used (`isCheap`). */
export async function gatherSecrets(provider: AssembledProvider, sources: Sources, isCheap: boolean): Promise<ProviderKeys> {
  const { id, key } = provider;
  const isTaken = ({ command }: KeySource | HeaderSource) => !isCheap || command === undefined;
  const found: Found = { keys: [], variables: [], notices: [], fault: [] };
  // Documented variables that are set to what can be no key.
  const unusable = key.from === "row" ? await takeDocumented(found, provider.row.key?.env ?? [], sources) : [];
  if (key.from === "sources") await takeNamed(found, id, { ...key, sources: key.sources.filter(isTaken) }, sources);
  const kept = found.keys.length === 0 && key.from !== "sources" ? takeStored(found, provider, sources, isCheap) : undefined;
  if (kept !== undefined && isFor(provider, kept)) found.keys.push({ secret: kept.key, from: storedKeys });
  if (key.from === "row") tellDocumented(found, provider, unusable, sources.env);
  if (key.from === "dropped" && found.keys.length === 0) tellDropped(found, provider, key, sources.env);
  if (kept !== undefined && found.keys.length === 0 && found.fault.length === 0)
    found.notices.push(
      `the stored key of ${id} is not sent to ${placesOf(provider).join(", ")}: it was stored for ${kept.origins.join(", ")}. \`fcc keys set ${id}\` stores one anew.`,
    );

  const headers: Record<string, string> = { ...provider.row.headers };
  for (const [name, { source, where, folder }] of Object.entries(provider.headers)) {
    if (!isTaken(source)) continue;
    const fetched = await sources.fetch(source, folder);
    if (fetched.fault === undefined) headers[name] = taken(found, source, fetched);
    else found.fault.push(`no header ${name} for ${id}: ${fetched.fault} (${where}).`);
  }
  const { keys, variables, notices, fault } = found;
  return {
    keys: keys.map(({ secret }) => secret),
    ...(keys.length > 0 && { from: keys.map(({ from }) => from).join(", ") }),
    headers,
    variables,
    notices,
    ...(fault.length > 0 && { fault }),
  };
}

type Had = Extract<Fetched, { readonly secret: string }>;

function taken({ notices, variables }: Found, { env }: KeySource | HeaderSource, { notice, secret }: Had): string {
  if (notice !== undefined) notices.push(notice);
  if (env !== undefined) variables.push(env);
  return secret;
}

/** A key, and not what was copied along with it: the provider would refuse that without saying why. */
async function fetchKey({ fetch }: Sources, source: KeySource, folder?: string): Promise<Fetched> {
  const fetched = await fetch(source, folder);
  const along = fetched.fault === undefined ? copiedAlong(fetched.secret) : undefined;
  const { from } = fetched;
  return along === undefined ? fetched : { fault: `${from} ${source.command === undefined ? "holds" : "printed"} ${along}`, from };
}

/** The first documented variable that holds a key. Answers what those before it hold instead. */
async function takeDocumented(found: Found, names: readonly string[], sources: Sources): Promise<readonly string[]> {
  const { env } = sources;
  const unusable: string[] = [];
  for (const name of names) {
    const fetched = await fetchKey(sources, { env: name });
    if (fetched.fault === undefined) {
      found.keys.push({ secret: taken(found, { env: name }, fetched), from: name });
      break;
    }
    if (env[name]?.trim()) unusable.push(fetched.fault);
  }
  return unusable;
}

/** Every key that the configuration names. */
async function takeNamed(found: Found, id: string, key: Extract<AssembledKey, { from: "sources" }>, sources: Sources): Promise<void> {
  const missing: string[] = [];
  const wanted = key.sources.map(async (source) => ({ source, fetched: await fetchKey(sources, source, key.folder) }));
  for (const { source, fetched } of await Promise.all(wanted)) {
    if (fetched.fault === undefined) found.keys.push({ secret: taken(found, source, fetched), from: fetched.from });
    else missing.push(`${fetched.fault} (${key.where}).`);
  }
  // One of several keys is enough to start; that another is missing should be known.
  if (found.keys.length > 0) found.notices.push(...missing.map((why) => `${id} goes without one of its keys: ${why}`));
  else found.fault.push(...missing.map((why) => `no key for ${id}: ${why}`));
}

/** The stored key, if any. A file that cannot be read ends only what goes nowhere without a key. */
function takeStored({ notices }: Found, provider: AssembledProvider, { stored }: Sources, isCheap: boolean): StoredKey | undefined {
  try {
    return own(stored(), provider.id);
  } catch (error) {
    if (!isCheap && needsKey(provider)) throw error;
    notices.push(`no stored key is sent: ${(error as NodeJS.ErrnoException).path} cannot be used: ${reason(error)}`);
    return undefined;
  }
}

const needsKey = ({ row }: AssembledProvider) => row.key !== undefined && row.key.optional !== true;

function tellDocumented({ keys, notices, fault }: Found, provider: AssembledProvider, unusable: readonly string[], env: Environment): void {
  const { id, row } = provider;
  const lacks = keys.length === 0 && needsKey(provider);
  if (!lacks) notices.push(...unusable.map((why) => `${id} goes without one of its keys: ${why}.`));
  else if (unusable.length === 0) fault.push(`no key for ${id}${insideSession(env)}. Set ${row.key?.env[0]}, or ${howToKey(id, row)}.`);
  else fault.push(...unusable.map((why) => `no key for ${id}: ${why}.`));
}

const howToKey = (id: string, { key }: AssembledProvider["row"]) =>
  key?.command === undefined ? `run \`fcc keys set ${id}\`` : `write \`key: { command: [${key.command.join(", ")}] }\` in providers.${id}`;

function tellDropped(
  { notices, fault }: Found,
  provider: AssembledProvider,
  { where, written }: Extract<AssembledKey, { from: "dropped" }>,
  env: Environment,
): void {
  const { id, row } = provider;
  const law = `a key belongs to the address that it came with, and ${where} names another. Write providers.${id}.key there, or run \`fcc keys set ${id}\`.`;
  const stays = written === undefined ? row.key?.env.find((name) => env[name]) : `the key of ${id} (${written})`;
  if (needsKey(provider)) fault.push(`no key for ${id}: ${law}`);
  else if (stays !== undefined) notices.push(`${stays} is not sent to ${placesOf(provider).join(", ")}: ${law}`);
}

/** A stored key goes only where the provider was when it was stored. */
function isFor(provider: AssembledProvider, { origins }: StoredKey): boolean {
  return placesOf(provider).every((place) => origins.includes(place));
}
