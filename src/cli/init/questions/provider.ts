import { keyFault, lacksAddress, plain, resolveProvider, withNewKeys } from "../../../config/index.ts";
import { type Discovery, discover, type Found } from "../../../discover/index.ts";
import { rows } from "../../../providers/index.ts";
import { Abandoned } from "../../abandoned.ts";
import { log, password, select, text } from "../../prompts.ts";
import { originOf } from "../../provider-at.ts";
import { lacksKey, wantsKey } from "../../servers-here.ts";
import { noModelLine } from "../choices.ts";
import type { Adoptable } from "../inventory.ts";
import { type Named, nameServer } from "../named.ts";
import type { Scripted } from "../options.ts";
import { aboutAdoptable } from "../selection.ts";
import { serverAt } from "../server-at.ts";
import { answered, search } from "./answered.ts";

const output = process.stderr;
/** Milliseconds for the list of models of a provider far away. */
const patience = 10_000;

/** What was chosen as the provider. */
export type Chosen =
  | { readonly adopt: Adoptable }
  | { readonly adopt?: undefined; readonly named: Named; readonly discovery: Discovery; readonly key?: string };

type Here = Omit<Scripted, "options">;

export async function askProvider(here: Here): Promise<Chosen> {
  const { servers, keyed, adoptable } = here.inventory;
  const next = await answered(
    select<() => Promise<Chosen>>({
      message: "Which models?",
      output,
      maxItems: 14,
      options: [
        ...servers.map((found) => ({
          value: () => onServer(found, here),
          label: plain(`${found.provider.row.name} at ${originOf(found.provider)}`),
          hint: plain(hintOf(found)),
        })),
        ...adoptable.map((adopt) => ({
          value: async () => ({ adopt }),
          label: plain(`Take over what stands in ${adopt.label}`),
          hint: plain(aboutAdoptable(adopt)),
        })),
        ...keyed.map(({ id, name, from }) => ({ value: () => inCloud(id, here), label: name, hint: `key in ${from}` })),
        { value: async () => inCloud(await askCloud(), here), label: "Another provider", hint: "its key is asked for" },
        { value: () => atAddress(here), label: "A server at another address" },
      ],
    }),
  );
  return next();
}

function hintOf(found: Found): string {
  const { models, failure } = found.discovery;
  if (wantsKey(failure)) return lacksKey(found) ? "wants a key" : `refuses the key of ${found.provider.keySource}`;
  return models.length === 1 ? (models[0]?.id ?? "") : `${models.length} models`;
}

/** A server of this machine, and its key where it was started with one. */
async function onServer(found: Found, { configuration, reach }: Here): Promise<Chosen> {
  const named = nameServer(found, configuration);
  const none = noModelLine(found);
  if (none !== undefined) log.warn(plain(none), { output });
  if (!lacksKey(found)) return { named, discovery: found.discovery };
  const address = plain(originOf(found.provider));
  for (;;) {
    const key = await askServerKey(address);
    const discovery = await discover(found.provider, reach, { patience, key });
    if (!wantsKey(discovery.failure)) return { named, discovery, key };
    log.warn(`${address} refuses this key.`, { output });
  }
}

function askCloud(): Promise<string> {
  const options = Object.values(rows)
    .filter(({ kind, retired, key }) => kind === "cloud" && retired === undefined && key !== undefined)
    .map(({ id, name }) => ({ value: id, label: name, hint: id }));
  return search("Which provider?", options);
}

async function inCloud(id: string, { configuration, reach }: Here): Promise<Chosen> {
  const found = await resolveProvider(configuration, id);
  if (!found.error) {
    const { provider } = found;
    const named = { id: provider.id, draft: {} };
    const discovery = await discover(provider, reach, { patience });
    const { failure, ...silent } = discovery;
    if (failure === undefined || !wantsKey(failure)) return { named, discovery };
    // What the provider says of it names neither the key nor where it is from.
    log.warn(plain(`${provider.row.name} refuses the key of ${provider.keySource}: ${failure.message}`), { output });
    return { named, discovery: silent };
  }
  const row = configuration.rows[id];
  if (row === undefined || lacksAddress(row)) throw new Abandoned(found.error.lines.join(" "));
  for (let refused: string | undefined; ; ) {
    const key = await askKey(`The key for ${row.name} (not shown; kept by \`fcc keys\`, ${row.docs})`);
    // Asked where the configuration has the provider: a key is sent to no other place.
    const keyed = withNewKeys(configuration, { [id]: key });
    const resolved = keyed.error ? keyed : await resolveProvider(keyed.configuration, id);
    if (resolved.error) throw new Abandoned(resolved.error.lines.join(" "));
    const discovery = await discover(resolved.provider, reach, { patience });
    // What is refused the list of models may still be for a model.
    if (discovery.failure?.kind !== "unauthorized" || key === refused) return { named: { id, draft: {} }, discovery, key };
    const why = plain(`${row.name} refuses this key: ${discovery.failure.message}`);
    log.warn(`${why}\nThe same key, given again, is taken all the same.`, { output });
    refused = key;
  }
}

async function atAddress({ configuration, reach }: Here): Promise<Chosen> {
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
    // Asked for until it is taken, as on this machine: after a refusal a key would otherwise be typed, and seen, where the address is asked for.
    while (wantsKey(said.failure)) {
      if (key !== undefined) log.warn(`${plain(written)} refuses this key.`, { output });
      key = await askServerKey(plain(written));
      said = await serverAt(written, reach, key);
    }
    const { found, failure } = said;
    if (found !== undefined)
      return { named: nameServer(found, configuration), discovery: found.discovery, ...(key !== undefined && { key }) };
    if (failure?.kind === "refused-by-policy") log.warn(plain(failure.message), { output });
    else log.warn(`No model server that fcc knows answers at ${plain(written)}.`, { output });
  }
}

/** `gpu-box.lan:8000` as it is said. */
function withScheme(typed: string): string {
  const address = typed.trim();
  return /^https?:\/\//i.test(address) ? address : `http://${address}`;
}

const askServerKey = (address: string) => askKey(`The key for ${address} (not shown; kept by \`fcc keys\`)`);

function askKey(message: string): Promise<string> {
  return answered(password({ message, output, validate: (value) => (value?.trim() ? keyFault(value) : "a key, please") }));
}
