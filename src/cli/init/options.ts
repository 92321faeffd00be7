import { type Configuration, resolveProvider } from "../../config/index.ts";
import { chooseModel, type Discovery, discover, type Found } from "../../discover/index.ts";
import { rows } from "../../providers/index.ts";
import type { Reach } from "../../reach/reach.ts";
import { type Refusal, refused } from "../refusal.ts";
import { wantsKey } from "../servers-here.ts";
import type { LaunchOptions } from "../split.ts";
import { choiceLines, noModelLine } from "./choices.ts";
import type { Inventory } from "./inventory.ts";
import { type Named, nameAddress, nameServer } from "./named.ts";
import { type Selection, selectionOf, selectionOn } from "./selection.ts";
import { serverAt } from "./server-at.ts";

/** The command line of `fcc init`, for scripts; on a terminal all of it is optional. */
export interface InitOptions extends LaunchOptions {
  readonly provider?: string;
  readonly haiku?: string;
  readonly scope?: string;
  readonly baseUrl?: string;
  readonly keyEnv?: string;
  readonly from?: string;
}

export interface Scripted {
  readonly options: InitOptions;
  readonly inventory: Inventory;
  readonly configuration: Configuration;
  readonly reach: Reach;
}

/** The selection that options make, with defaults where there is one choice only. */
export async function selectByOptions(scripted: Scripted): Promise<Selection | { readonly refusal: Refusal }> {
  const { options, inventory } = scripted;
  if (options.from !== undefined) {
    const adopt = inventory.adoptable.find(({ id }) => id === options.from);
    if (adopt) return selectionOf(adopt);
    const there = inventory.adoptable.map(({ id }) => id).join(", ") || "nothing";
    return refused(2, `there is no configuration of "${options.from}" to take over here. Found: ${there}.`);
  }
  const provider = await providerOf(scripted);
  if ("refusal" in provider) return provider;
  const { id, draft, discovery } = provider;
  const named = nameAt(id, options.model, options);
  const said = named === undefined ? await discovery?.() : undefined;
  const main = named ?? (said && chooseModel(said)?.id);
  if (main === undefined) {
    const failure = said?.failure;
    if (wantsKey(failure) && options.keyEnv !== undefined) return keyRefusal(failure?.provider ?? id, options);
    const question = wantsKey(failure)
      ? `${failure?.provider ?? id} wants a key, or another one. Name the variable that has it: --key-env NAME.`
      : `which model of ${id}? Name it with --model; \`fcc models\` lists those of configured providers.`;
    const none = provider.found && noModelLine(provider.found);
    return refused(2, ...(failure === undefined ? [] : failure.message.split("\n")), ...(none === undefined ? [question] : [none]));
  }
  const key = options.keyEnv === undefined ? {} : { key: { env: options.keyEnv } };
  return selectionOn({ id, draft: { ...draft, ...key } }, { main, haiku: nameAt(id, options.haiku, options) });
}

type Provided =
  | (Named & {
      /** What its server says; absent where there is none to ask. */
      readonly discovery?: () => Promise<Discovery>;
      readonly found?: Found;
    })
  | { readonly refusal: Refusal };

async function providerOf(scripted: Scripted): Promise<Provided> {
  const { options, inventory, configuration, reach } = scripted;
  if (options.baseUrl !== undefined) return providerAtAddress(options.baseUrl, scripted);
  const id = options.provider ?? firstPart(options.model);
  const usable = inventory.servers.filter((found) => noModelLine(found) === undefined);
  // One that has no model yet leaves no choice where there is another.
  const [only] = [usable, inventory.servers].find(({ length }) => length === 1) ?? [];
  if (id === undefined) {
    if (only !== undefined) return foundProvider(only, scripted);
    return refused(
      2,
      inventory.servers.length === 0 ? "no model server answers on this machine." : "several model servers answer on this machine.",
      ...inventory.absent,
      "Where nothing is asked, options make the choice: fcc init --yes --provider <id> --model <name>",
      ...choiceLines(inventory),
    );
  }
  const running = inventory.servers.find(({ provider }) => provider.id === id);
  if (running) return foundProvider(running, scripted);
  const resolved = await resolveProvider(configuration, id);
  if (!resolved.error) return { id: resolved.provider.id, draft: {}, discovery: () => discover(resolved.provider, reach) };
  // vLLM's models begin as Hugging Face names them: Qwen/, openai/.
  if (options.provider === undefined && only?.discovery.models.some((model) => model.id === options.model) === true)
    return foundProvider(only, scripted);
  // A key that comes with --key-env is not there yet.
  return options.keyEnv !== undefined && Object.hasOwn(rows, id) ? { id, draft: {} } : refused(2, ...resolved.error.lines);
}

const firstPart = (model: string | undefined) => (model?.includes("/") === true ? model.split("/")[0] : undefined);

/** The provider at --base-url: what is found there, else what --provider says it is. */
async function providerAtAddress(baseUrl: string, scripted: Scripted): Promise<Provided> {
  if (!/^https?:\/\//i.test(baseUrl) || !URL.canParse(baseUrl))
    return refused(2, "--base-url must be an address such as http://gpu-box.lan:11434.");
  const { options, reach } = scripted;
  const { found, failure } = await serverAt(baseUrl, reach, namedKey(options));
  if (found !== undefined) return foundProvider(found, scripted, options.provider);
  if (failure?.kind === "refused-by-policy") return refused(2, failure.message);
  if (options.provider !== undefined) return nameAddress(options.provider, baseUrl);
  return wantsKey(failure)
    ? keyRefusal(baseUrl, options)
    : refused(2, `no model server that fcc knows answers at ${baseUrl}. Say what it is with --provider.`);
}

function foundProvider(found: Found, { options, configuration, reach }: Scripted, wanted?: string): Provided {
  const key = namedKey(options);
  const asked = wantsKey(found.discovery.failure) && key !== undefined;
  return {
    ...nameServer(found, configuration, wanted),
    found,
    discovery: async () => (asked ? discover(found.provider, reach, { key }) : found.discovery),
  };
}

/** The key of the variable that --key-env names. */
const namedKey = ({ keyEnv }: InitOptions) => (keyEnv === undefined ? undefined : process.env[keyEnv]?.trim() || undefined);

function keyRefusal(address: string, options: InitOptions) {
  const { keyEnv } = options;
  if (namedKey(options) !== undefined) return refused(2, `${address} refuses the key of ${keyEnv} (--key-env).`);
  const missing = keyEnv === undefined ? ". Name the variable that has it: --key-env NAME." : `: ${keyEnv} is not set (--key-env).`;
  return refused(2, `${address} wants a key${missing}`);
}

/** A model as its provider names it. `provider/name` names the provider only where --provider does not: NVIDIA's own begin with `nvidia/`. */
function nameAt(id: string, model: string | undefined, { provider, baseUrl }: InitOptions): string | undefined {
  if (model === undefined || provider !== undefined || baseUrl !== undefined) return model;
  return model.startsWith(`${id}/`) ? model.slice(id.length + 1) : model;
}
