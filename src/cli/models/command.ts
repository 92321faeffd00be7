import { plain } from "../../config/index.ts";
import { type Discovery, discover } from "../../discover/index.ts";
import type { Reach } from "../../reach/reach.ts";
import type { Provider } from "../../route/target.ts";
import { readConfiguration } from "../configuration.ts";
import { type AccessOptions, openAccess } from "../launch/backends/access.ts";
import { columns, print, printJson } from "../print.ts";
import type { Context } from "../program.ts";
import { originOf } from "../provider-at.ts";
import { failureLine } from "../servers-here.ts";
import type { LaunchOptions } from "../split.ts";
import { providersFor } from "./asked.ts";
import { keepModelNames } from "./names.ts";
import { modelRows } from "./rows.ts";

/** Long enough for a list from far away; a server that is down says so at once. */
const patience = 10_000;
/** Where each model has to be asked about, at most so many. */
const askedAbout = 64;

/** What one provider answered. */
interface Answer {
  readonly provider: Provider;
  readonly discovery: Discovery;
}

/** Every model of the configured providers, as they themselves list them; with --profile those of one profile's. */
export async function listModels(context: Context): Promise<number> {
  const { output } = context;
  const options: LaunchOptions & { readonly json?: true } = context.options;
  const configuration = await readConfiguration(context);
  if (configuration === undefined) return 2;
  const { cache } = configuration.folders;
  const asked = await providersFor(configuration, options.profile !== undefined || options.model !== undefined);
  if ("refusal" in asked) return output.refuse(asked.refusal);
  const answers = await askAll(asked.providers, { env: process.env, cache, boundary: asked.boundary, say: output.say });
  const lists = answers.filter(({ discovery }) => discovery.failure === undefined);
  const wrong = [...asked.notices, ...answers.filter((answer) => !lists.includes(answer)).map(failureLine)];
  if (lists.length > 0) for (const line of wrong) output.warn(line);
  for (const { provider, discovery } of lists)
    if (discovery.models.length === 0) output.say(`${provider.id} at ${originOf(provider)} lists no models`);
  keepModelNames(cache, Object.fromEntries(lists.map(({ provider, discovery }) => [provider.id, discovery.models.map(({ id }) => id)])));
  if (options.json === true) {
    const models = answers.flatMap(({ provider, discovery: { models, server } }) =>
      models.map((model) => ({ target: `${provider.id}/${model.id}`, ...model, ...(server === undefined ? {} : { server }) })),
    );
    printJson(models);
  } else print(columns(modelRows(answers)).map(plain));
  return lists.length === 0 ? output.fail(wrong, 1) : 0;
}

async function askAll(providers: readonly Provider[], options: AccessOptions): Promise<readonly Answer[]> {
  const access = openAccess(providers, options);
  try {
    await access.forwards.open();
    return await Promise.all(providers.map(async (provider) => ({ provider, discovery: await ask(provider, access.reach) })));
  } finally {
    await access.close();
  }
}

async function ask(provider: Provider, reach: Reach): Promise<Discovery> {
  const found = await discover(provider, reach, { patience });
  if (found.failure !== undefined || provider.row.kind !== "local" || !tellsOneByOne.has(provider.row.discover ?? "openai")) return found;
  return discover(provider, reach, { patience, models: found.models.slice(0, askedAbout).map(({ id }) => id) });
}

/** Servers that say what a model can do only where they are asked about that model. */
const tellsOneByOne = new Set(["ollama", "llamacpp"]);
