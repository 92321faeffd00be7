import { type Configuration, resolveProvider } from "../config/index.ts";
import { chooseModel, discover } from "../discover/index.ts";
import type { Reach } from "../reach/reach.ts";
import { nameKnown, nameServer } from "./init-choice.ts";
import type { Adoptable, Inventory } from "./init-found.ts";
import type { Refusal } from "./refusal.ts";
import { serverAt } from "./server-at.ts";
import type { LaunchOptions } from "./split.ts";

/** The command line of `fcc init`, for scripts; on a terminal all of it is optional. */
export interface InitOptions extends LaunchOptions {
  readonly provider?: string;
  readonly haiku?: string;
  readonly scope?: string;
  readonly baseUrl?: string;
  readonly keyEnv?: string;
  readonly from?: string;
}

/** What is to be written, and the secrets that go with it. */
export interface Selection {
  /** The name of the profile where nobody gave one. */
  readonly name: string;
  readonly models: Adoptable["models"];
  readonly providers: Adoptable["providers"];
  readonly keys: Adoptable["keys"];
  readonly notices: readonly string[];
}

export interface Scripted {
  readonly options: InitOptions;
  readonly inventory: Inventory;
  readonly configuration: Configuration;
  readonly reach: Reach;
}

const refusal = (...lines: readonly string[]) => ({ refusal: { exitCode: 2, lines } });

/** The selection that options make, with defaults where there is one choice only. */
export async function selectByOptions(scripted: Scripted): Promise<Selection | { readonly refusal: Refusal }> {
  const { options, inventory } = scripted;
  if (options.from !== undefined) {
    const adopt = inventory.adoptable.find(({ id }) => id === options.from);
    if (adopt) return selectionOf(adopt);
    const there = inventory.adoptable.map(({ id }) => id).join(", ") || "nothing";
    return refusal(`there is no configuration of "${options.from}" to take over here. Found: ${there}.`);
  }
  const provider = await providerOf(scripted);
  if ("refusal" in provider) return provider;
  const { id, draft, discovered } = provider;
  const model = nameAt(id, options.model, options) ?? discovered();
  const main = typeof model === "string" ? model : (await model)?.id;
  if (main === undefined) return refusal(`which model of ${id}? Name it with --model; \`fcc models\` lists those of configured providers.`);
  const haiku = nameAt(id, options.haiku, options);
  const key = options.keyEnv === undefined ? {} : { key: { env: options.keyEnv } };
  const whole = { ...draft, ...key };
  return {
    name: id,
    models: {
      model: [`${id}/${main}`],
      ...(haiku === undefined ? {} : { haiku: [`${id}/${haiku}`] }),
    },
    providers: Object.keys(whole).length === 0 ? {} : { [id]: whole },
    keys: {},
    notices: [],
  };
}

export function selectionOf({ id, models, providers, keys, notices }: Adoptable): Selection {
  return { name: id === "environment" ? "anthropic-environment" : id, models, providers, keys, notices };
}

type Provided =
  | {
      readonly id: string;
      readonly draft: Selection["providers"][string];
      readonly discovered: () => string | undefined | Promise<{ readonly id: string } | undefined>;
    }
  | { readonly refusal: Refusal };

async function providerOf({ options, inventory, configuration, reach }: Scripted): Promise<Provided> {
  const id = options.provider ?? (options.baseUrl === undefined ? options.model?.split("/")[0] : undefined);
  if (options.baseUrl !== undefined) {
    if (!/^https?:\/\//i.test(options.baseUrl) || !URL.canParse(options.baseUrl))
      return refusal("--base-url must be an address such as http://gpu-box.lan:11434.");
    const key = options.keyEnv === undefined ? undefined : process.env[options.keyEnv]?.trim();
    const found = await serverAt(options.baseUrl, reach, key || undefined);
    if (found === "refuses" && id === undefined) {
      if (key) return refusal(`${options.baseUrl} refuses the key of ${options.keyEnv} (--key-env).`);
      const missing =
        options.keyEnv === undefined ? ". Name the variable that has it: --key-env NAME." : `: ${options.keyEnv} is not set (--key-env).`;
      return refusal(`${options.baseUrl} wants a key${missing}`);
    }
    if (found !== undefined && found !== "refuses")
      return { ...nameServer(found, configuration, id), discovered: () => chooseModel(found.discovery)?.id };
    if (id === undefined) return refusal(`no model server that fcc knows answers at ${options.baseUrl}. Say what it is with --provider.`);
    const row = configuration.rows[id];
    const draft = row === undefined ? { speaks: { chat: { baseUrl: options.baseUrl } } } : { baseUrl: options.baseUrl };
    return { id, draft, discovered: () => undefined };
  }
  if (id === undefined) {
    const [only, ...more] = inventory.servers;
    if (only === undefined || more.length > 0) {
      return refusal(
        only === undefined ? "no model server answers on this machine." : "several model servers answer on this machine.",
        "Without a terminal the choice is made by options: fcc init --yes --provider <id> --model <name>",
      );
    }
    return { ...nameServer(only, configuration), discovered: () => chooseModel(only.discovery)?.id };
  }
  const running = inventory.servers.find(({ provider }) => provider.id === id);
  if (running) return { ...nameServer(running, configuration), discovered: () => chooseModel(running.discovery)?.id };
  const resolved = await resolveProvider(configuration, id);
  // A key that comes with --key-env is not there yet.
  if (resolved.error && !(options.keyEnv !== undefined && Object.hasOwn(configuration.rows, id)))
    return { refusal: { exitCode: 2, lines: resolved.error.lines } };
  if (resolved.error) return { id, draft: {}, discovered: () => undefined };
  const { provider } = resolved;
  return { ...nameKnown(provider), discovered: async () => chooseModel(await discover(provider, reach)) };
}

/** A model as its provider names it. `provider/name` names the provider only where --provider does not: NVIDIA's own begin with `nvidia/`. */
function nameAt(id: string, model: string | undefined, { provider, baseUrl }: InitOptions): string | undefined {
  if (model === undefined || provider !== undefined || baseUrl !== undefined) return model;
  return model.startsWith(`${id}/`) ? model.slice(id.length + 1) : model;
}
