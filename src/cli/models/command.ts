import { type Configuration, listedProviders, plain, resolveProfile, resolveProvider } from "../../config/index.ts";
import { type Discovery, discover } from "../../discover/index.ts";
import { createBesides } from "../../launch/beside.ts";
import { createReach, type Reach } from "../../reach/reach.ts";
import { known } from "../../route/plan.ts";
import type { Boundary, Profile, Provider } from "../../route/target.ts";
import { readConfiguration } from "../configuration.ts";
import { createForwards } from "../launch/forwards.ts";
import { findProfile } from "../nothing-configured.ts";
import { columns, print } from "../print.ts";
import type { Context } from "../program.ts";
import { originOf } from "../provider-at.ts";
import type { Refusal } from "../refusal.ts";
import type { LaunchOptions } from "../split.ts";
import { keepModelNames } from "./names.ts";
import { modelRows } from "./rows.ts";

/** Long enough for a list from far away; a server that is down says so at once. */
const patience = 10_000;
/** Where each model has to be asked about, at most so many. */
const askedAbout = 64;

interface Asked {
  readonly providers: readonly Provider[];
  /** Why some cannot be asked, a line each. */
  readonly notices: readonly string[];
  readonly boundary?: Boundary;
}

/** Every model of the configured providers, as they themselves list them; with --profile those of one profile's. */
export async function listModels(context: Context): Promise<number> {
  const { output } = context;
  const options: LaunchOptions & { readonly json?: true } = context.options;
  const configuration = await readConfiguration(context);
  if (configuration === undefined) return 2;
  const asked = await providersFor(configuration, options.profile !== undefined || options.model !== undefined);
  if ("refusal" in asked) return output.fail(asked.refusal.lines, asked.refusal.exitCode);
  for (const notice of asked.notices) output.warn(notice);
  const besides = createBesides({ cache: configuration.folders.cache, env: process.env });
  const forwards = createForwards(asked.providers, besides, output.say);
  await forwards.open();
  const { boundary } = asked;
  const reach = createReach({ env: process.env, forward: forwards.to, boundary });
  const discoveries = await Promise.all(asked.providers.map(async (provider) => ({ provider, discovery: await ask(provider, reach) })));
  await Promise.all([reach.close(), besides.end()]);
  const failed = discoveries.filter(({ discovery }) => discovery.failure !== undefined);
  for (const { provider, discovery } of failed)
    output.warn(
      `${discovery.failure?.provider ?? provider.id}: ${discovery.failure?.message.replace(/\n\s*/g, " ")}${ofKey(provider, discovery)}`,
    );
  const lists = discoveries.filter(({ discovery }) => discovery.failure === undefined);
  for (const { provider, discovery } of lists)
    if (discovery.models.length === 0) output.say(`${provider.id} at ${originOf(provider)} lists no models`);
  keepModelNames(
    configuration.folders.cache,
    Object.fromEntries(lists.map(({ provider, discovery }) => [provider.id, discovery.models.map(({ id }) => id)])),
  );
  if (options.json === true) {
    const models = discoveries.flatMap(({ provider, discovery: { models, server } }) =>
      models.map((model) => ({ target: `${provider.id}/${model.id}`, ...model, ...(server === undefined ? {} : { server }) })),
    );
    print([JSON.stringify(models, null, 2)]);
  } else print(columns(modelRows(discoveries)).map(plain));
  return lists.length === 0 ? 1 : 0;
}

/** What a server that refuses a key does not say of it. */
function ofKey({ id, keys, keySource }: Provider, { failure }: Discovery): string {
  if (failure?.kind !== "unauthorized") return "";
  return keys.length === 0 ? ` (there is no key: \`fcc keys set ${id}\` stores one)` : ` (the key of ${keySource ?? "the configuration"})`;
}

async function ask(provider: Provider, reach: Reach): Promise<Discovery> {
  const found = await discover(provider, reach, { patience });
  if (found.failure !== undefined || provider.row.kind !== "local" || !tellsOneByOne.has(provider.row.discover ?? "openai")) return found;
  return discover(provider, reach, { patience, models: found.models.slice(0, askedAbout).map(({ id }) => id) });
}

/** Servers that say what a model can do only where they are asked about that model. */
const tellsOneByOne = new Set(["ollama", "llamacpp"]);

async function providersFor(configuration: Configuration, one: boolean): Promise<Asked | { readonly refusal: Refusal }> {
  if (one) {
    const resolved = await resolveProfile(configuration);
    if (resolved.error) return { refusal: resolved.error };
    if (!resolved.nothing) return ofProfile(resolved.profile);
  }
  const { ids, boundary } = listedProviders(configuration);
  if (ids.length === 0) {
    const found = await findProfile(configuration, process.env);
    return found.refusal ? { refusal: found.refusal } : ofProfile(found.resolved.profile);
  }
  const resolved = await Promise.all(ids.map((id) => resolveProvider(configuration, id)));
  const providers = resolved.flatMap((each) => (each.error ? [] : [each.provider]));
  const notices = resolved.flatMap((each) => (each.error ? [each.error.lines.join(" ")] : []));
  if (providers.length === 0) return { refusal: { exitCode: 2, lines: resolved.flatMap(({ error }) => error?.lines ?? []) } };
  return { providers, notices, ...(boundary === undefined ? {} : { boundary }) };
}

function ofProfile(profile: Profile): Asked {
  const providers = [...new Map(known(profile).map(({ provider }) => [provider.id, provider])).values()];
  return { providers, notices: [], ...(profile.boundary === undefined ? {} : { boundary: profile.boundary }) };
}
