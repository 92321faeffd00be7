import { lacksAddress, plain, resolveProvider, withNewKeys } from "../../../config/index.ts";
import { discover } from "../../../discover/index.ts";
import { rows } from "../../../providers/index.ts";
import { Abandoned } from "../../abandoned.ts";
import { log } from "../../prompts.ts";
import { wantsKey } from "../../servers-here.ts";
import { search } from "./answered.ts";
import { Back } from "./in-turn.ts";
import { keyQuestionOf } from "./key.ts";
import type { Found, Here, KnownQuestion } from "./known.ts";

/** Milliseconds for the list of models of a provider far away. */
export const patience = 10_000;

/** One of all that fcc knows. */
export function cloudQuestion(here: Here): KnownQuestion {
  const choices = Object.values(rows)
    .filter(({ kind, retired, key }) => kind === "cloud" && retired === undefined && key !== undefined)
    .map(({ id, name }) => ({ value: id, label: name, hint: id }));
  return async ({ next }, given) => {
    if (next !== "cloud") return undefined;
    const cloud = await search({ message: "Which provider?", choices, initial: given.cloud });
    return { cloud, ...(await inCloud(cloud, here)) };
  };
}

export async function inCloud(id: string, { configuration, reach }: Here): Promise<Found> {
  const found = await resolveProvider(configuration, id);
  if (!found.error) {
    const { provider } = found;
    const named = { id: provider.id, draft: {} };
    const discovery = await discover(provider, reach, { patience });
    const { failure, ...silent } = discovery;
    if (failure === undefined || !wantsKey(failure)) return { place: { named, discovery } };
    // What the provider says of it names neither the key nor where it is from.
    const whose = `${provider.row.name} refuses the key of ${provider.keySource}`;
    log.warn(plain(`${whose}: ${failure.message}`), { output: process.stderr });
    return { place: { named, discovery: silent } };
  }
  const row = configuration.rows[id];
  if (row === undefined) throw new Abandoned(found.error.lines.join(" "));
  if (lacksAddress(row)) {
    // What is missing is set outside: another provider can be chosen meanwhile.
    log.warn(plain(found.error.lines.join("\n")), { output: process.stderr });
    throw new Back();
  }
  let refused: string | undefined;
  const open = async (key: string) => {
    // Asked where the configuration has the provider: a key is sent to no other place.
    const keyed = withNewKeys(configuration, { [id]: key });
    const resolved = keyed.error ? keyed : await resolveProvider(keyed.configuration, id);
    if (resolved.error) throw new Abandoned(resolved.error.lines.join(" "));
    const discovery = await discover(resolved.provider, reach, { patience });
    // What is refused the list of models may still be for a model.
    if (discovery.failure?.kind !== "unauthorized" || key === refused) return { named: { id, draft: {} }, discovery };
    refused = key;
    return `${row.name} refuses this key: ${discovery.failure.message}\nThe same key, given again, is taken all the same.`;
  };
  return { locked: { question: keyQuestionOf(row.name, row.docs), open } };
}
