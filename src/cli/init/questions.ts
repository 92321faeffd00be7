import { tokens } from "../../clients/tokens.ts";
import { type Configuration, keyFault, plain, resolveProvider, type Scope, withNewKeys } from "../../config/index.ts";
import { chooseModel, type DiscoveredModel, type Discovery, discover, type Found } from "../../discover/index.ts";
import { rows } from "../../providers/index.ts";
import type { Reach } from "../../reach/reach.ts";
import { Abandoned } from "../abandoned.ts";
import { autocomplete, isCancel, log, password, select, text } from "../prompts.ts";
import { originOf } from "../provider-at.ts";
import { lacksKey, wantsKey } from "../servers-here.ts";
import type { Adoptable, Inventory } from "./inventory.ts";
import { type Named, nameServer } from "./named.ts";
import type { Scopes } from "./scopes.ts";
import { aboutAdoptable } from "./selection.ts";
import { serverAt } from "./server-at.ts";

const output = process.stderr;
/** Milliseconds for the list of models of a provider far away. */
const patience = 10_000;
/** Up to here a list is read faster than something is typed. */
const shortList = 12;

/** What was chosen as the provider. */
export type Chosen =
  | { readonly adopt: Adoptable }
  | { readonly adopt?: undefined; readonly named: Named; readonly discovery: Discovery; readonly key?: string };

export interface Asked {
  readonly inventory: Inventory;
  readonly configuration: Configuration;
  readonly reach: Reach;
}

export async function askProvider(asked: Asked): Promise<Chosen> {
  const { inventory, configuration, reach } = asked;
  const { servers, keyed, adoptable } = inventory;
  const answer = await answered(
    select({
      message: "Which models?",
      output,
      maxItems: 14,
      options: [
        ...servers.map(({ provider, discovery }, index) => ({
          value: `server ${index}`,
          label: plain(`${provider.row.name} at ${originOf(provider)}`),
          hint: plain(hintOf({ provider, discovery })),
        })),
        ...adoptable.map((adopt) => ({
          value: `adopt ${adopt.id}`,
          label: plain(`Take over what stands in ${adopt.label}`),
          hint: plain(aboutAdoptable(adopt)),
        })),
        ...keyed.map(({ id, name, from }) => ({ value: `keyed ${id}`, label: name, hint: `key in ${from}` })),
        { value: "cloud", label: "Another provider", hint: "its key is asked for" },
        { value: "address", label: "A server at another address" },
      ],
    }),
  );
  const [kind = "", which = ""] = answer.split(" ");
  if (kind === "server") {
    const found = servers[Number(which)];
    if (found) return askFound(found, asked);
  }
  const adopt = adoptable.find(({ id }) => kind === "adopt" && id === which);
  if (adopt) return { adopt };
  if (kind === "keyed") return askedCloud(which, asked);
  return kind === "cloud" ? askedCloud(await askCloud(), asked) : askAddress(configuration, reach);
}

function hintOf(found: Found): string {
  const { models, failure } = found.discovery;
  if (wantsKey(failure)) return lacksKey(found) ? "wants a key" : `refuses the key of ${found.provider.keySource}`;
  return models.length === 1 ? (models[0]?.id ?? "") : `${models.length} models`;
}

/** A server of this machine, and its key where it was started with one. */
async function askFound(found: Found, { configuration, reach }: Asked): Promise<Chosen> {
  const named = nameServer(found, configuration);
  if (!lacksKey(found)) return { named, discovery: found.discovery };
  const address = plain(originOf(found.provider));
  for (;;) {
    const key = await askServerKey(address);
    const discovery = await discover(found.provider, reach, { patience, key });
    if (!wantsKey(discovery.failure)) return { named, discovery, key };
    log.warn(`${address} refuses this key.`, { output });
  }
}

async function askCloud(): Promise<string> {
  const options = Object.values(rows)
    .filter(({ kind, retired, key }) => kind === "cloud" && retired === undefined && key !== undefined)
    .map(({ id, name }) => ({ value: id, label: name, hint: id }));
  return search("Which provider?", options);
}

async function askedCloud(id: string, { configuration, reach }: Asked): Promise<Chosen> {
  const found = await resolveProvider(configuration, id);
  if (!found.error) {
    const { provider } = found;
    return { named: { id: provider.id, draft: {} }, discovery: await discover(provider, reach, { patience }) };
  }
  const row = rows[id];
  if (row === undefined || row.ownAddress === true) throw new Abandoned(found.error.lines.join(" "));
  const key = await askKey(`The key for ${row.name} (not shown; kept by \`fcc keys\`, ${row.docs})`);
  // Asked where the configuration has the provider: a key is sent to no other place.
  const keyed = withNewKeys(configuration, { [id]: key });
  const resolved = keyed.error ? keyed : await resolveProvider(keyed.configuration, id);
  if (resolved.error) throw new Abandoned(resolved.error.lines.join(" "));
  return { named: { id, draft: {} }, discovery: await discover(resolved.provider, reach, { patience }), key };
}

function askKey(message: string): Promise<string> {
  return answered(password({ message, output, validate: (value) => (value?.trim() ? keyFault(value) : "a key, please") }));
}

const askServerKey = (address: string) => askKey(`The key for ${address} (not shown; kept by \`fcc keys\`)`);

async function askAddress(configuration: Configuration, reach: Reach): Promise<Chosen> {
  for (;;) {
    const typed = await answered(
      text({
        message: "Its address",
        placeholder: "http://gpu-box.lan:8000",
        output,
        validate: (value) => (URL.canParse(withScheme(value ?? "")) ? undefined : "http://host:port"),
      }),
    );
    const written = withScheme(typed);
    let said = await serverAt(written, reach);
    let key: string | undefined;
    if (wantsKey(said.failure)) {
      key = await askServerKey(plain(written));
      said = await serverAt(written, reach, key);
    }
    const { found, failure } = said;
    if (found !== undefined)
      return { named: nameServer(found, configuration), discovery: found.discovery, ...(key !== undefined && { key }) };
    if (wantsKey(failure)) log.warn(`${plain(written)} refuses this key.`, { output });
    else if (failure?.kind === "refused-by-policy") log.warn(plain(failure.message), { output });
    else log.warn(`No model server that fcc knows answers at ${plain(written)}.`, { output });
  }
}

/** `gpu-box.lan:8000` as it is said. */
function withScheme(typed: string): string {
  const address = typed.trim();
  return /^https?:\/\//i.test(address) ? address : `http://${address}`;
}

/** The main model, then the small one; only what there is a choice of is asked. */
export async function askModels(discovery: Discovery): Promise<{ readonly main: string; readonly haiku: string | null }> {
  const best = chooseModel(discovery);
  const models = [...(best ? [best] : []), ...discovery.models.filter((model) => model !== best)];
  if (models.length === 0) {
    const { failure } = discovery;
    if (failure) log.warn(plain(`${failure.provider ?? discovery.provider}: ${failure.message}`), { output });
    const main = await answered(
      text({ message: "The model's name", output, validate: (value) => (value?.trim() ? undefined : "a name, please") }),
    );
    return { main: main.trim(), haiku: null };
  }
  const [only] = models;
  if (models.length === 1 && only) {
    log.step(plain(`The model is ${only.id}${aboutModel(only)}`), { output });
    return { main: only.id, haiku: null };
  }
  const main = await choose("Which model?", models.map(optionOf));
  const others = models.filter(({ id }) => id !== main);
  const haiku = await choose("Which model for small tasks (the haiku tier)?", [
    { value: "", label: "the same", hint: main },
    ...others.map(optionOf),
  ]);
  return { main, haiku: haiku === "" ? null : haiku };
}

const optionOf = (model: DiscoveredModel) => ({ value: model.id, label: plain(model.id), hint: aboutModel(model).replace(/^, /, "") });

function aboutModel({ context, loaded, tools }: DiscoveredModel): string {
  return [
    ...(context === undefined ? [] : [`${tokens(context)} context`]),
    ...(loaded ? ["loaded"] : []),
    ...(tools === false ? ["takes no tools"] : []),
  ]
    .map((part) => `, ${part}`)
    .join("");
}

function choose(message: string, options: { value: string; label: string; hint: string }[]): Promise<string> {
  return options.length > shortList ? search(message, options) : answered(select({ message, output, options }));
}

function search(message: string, options: { value: string; label: string; hint: string }[]): Promise<string> {
  // Enter where nothing is found would choose nothing.
  const validate = (chosen: unknown) => (chosen === undefined ? "one of the list, please" : undefined);
  return answered(autocomplete({ message, output, maxItems: shortList, options, validate }));
}

export async function askScope({ labels, allowed }: Scopes): Promise<Scope> {
  const meanings: Readonly<Record<Scope, string>> = { user: "for all your projects", project: "for this project" };
  const options = allowed.map((scope) => ({ value: scope, label: plain(labels[scope]), hint: meanings[scope] }));
  return answered(select<Scope>({ message: "Where is it written?", output, options }));
}

async function answered<Value>(question: Promise<Value>): Promise<Exclude<Value, symbol>> {
  const answer = await question;
  if (isCancel(answer)) throw new Abandoned();
  return answer as Exclude<Value, symbol>;
}
