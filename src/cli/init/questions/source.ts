import { plain } from "../../../config/index.ts";
import { discover, type Found as FoundServer } from "../../../discover/index.ts";
import { log } from "../../prompts.ts";
import { originOf } from "../../provider-at.ts";
import { lacksKey, wantsKey } from "../../servers-here.ts";
import { noModelLine } from "../choices.ts";
import { nameServer } from "../named.ts";
import { aboutAdoptable } from "../selection.ts";
import { type Choice, choose } from "./answered.ts";
import { inCloud, patience } from "./cloud.ts";
import { Back } from "./in-turn.ts";
import { keyQuestionOf } from "./key.ts";
import type { Found, Here, Known, KnownQuestion } from "./known.ts";

/** Whose models: a server here, what another tool was told, a provider whose key is there, or another one. */
export function sourceQuestion(here: Here): KnownQuestion {
  const { servers, keyed, adoptable } = here.inventory;
  const anotherProvider = async () => ({ next: "cloud" }) as const;
  const anotherAddress = async () => ({ next: "address" }) as const;
  const choices: readonly (Choice<Known["source"]> & { readonly id?: string })[] = [
    ...servers.map((found) => ({
      id: found.provider.id,
      value: () => onServer(found, here),
      label: plain(`${found.provider.row.name} at ${originOf(found.provider)}`),
      hint: plain(hintOf(found)),
    })),
    ...adoptable.map((adopt) => ({
      value: async () => ({ adopt }),
      label: plain(`Take over what stands in ${adopt.label}`),
      hint: plain(aboutAdoptable(adopt)),
    })),
    ...keyed.map(({ id, name, from }) => ({ id, value: () => inCloud(id, here), label: name, hint: `key in ${from}` })),
    { value: anotherProvider, label: "Another provider", hint: "its key is asked for" },
    { value: anotherAddress, label: "A server at another address" },
  ];
  // What runs on machines of one's own, but not here, is no row of the list of providers.
  const elsewhere = (id: string) => (here.configuration.rows[id]?.kind === "local" ? anotherAddress : anotherProvider);
  return async (_known, { source: before, address, cloud }) => {
    const named = cloud === undefined ? undefined : (choices.find(({ id }) => id === cloud)?.value ?? elsewhere(cloud));
    for (let start = before ?? (address === undefined ? named : anotherAddress); ; ) {
      const source = await choose("Which models?", choices, start);
      try {
        return { source, ...(await source()) };
      } catch (error) {
        // A provider that cannot be taken leads back to this question, before which there is none.
        if (!(error instanceof Back)) throw error;
        start = source;
      }
    }
  };
}

function hintOf(found: FoundServer): string {
  const { models, failure } = found.discovery;
  if (wantsKey(failure)) return lacksKey(found) ? "wants a key" : `refuses the key of ${found.provider.keySource}`;
  return models.length === 1 ? (models[0]?.id ?? "") : `${models.length} models`;
}

/** A server of this machine, and its key where it was started with one. */
async function onServer(found: FoundServer, { configuration, reach }: Here): Promise<Found> {
  const named = nameServer(found, configuration);
  const none = noModelLine(found);
  if (none !== undefined) log.warn(plain(none), { output: process.stderr });
  if (!lacksKey(found)) return { place: { named, discovery: found.discovery } };
  const address = plain(originOf(found.provider));
  const open = async (key: string) => {
    const discovery = await discover(found.provider, reach, { patience, key });
    return wantsKey(discovery.failure) ? `${address} refuses this key.` : { named, discovery };
  };
  return { locked: { question: keyQuestionOf(address), open } };
}
