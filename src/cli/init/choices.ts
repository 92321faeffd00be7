import { plain, shellWord } from "../../config/index.ts";
import { chooseModel, type Found, rootOf } from "../../discover/index.ts";
import { firstModel, originOf } from "../provider-at.ts";
import type { Inventory } from "./inventory.ts";

/** Undefined: it has models, or does not say. */
export function noModelLine({ provider, discovery }: Found): string | undefined {
  if (discovery.models.length > 0 || discovery.failure !== undefined) return undefined;
  return `${provider.row.name} at ${originOf(provider)} has no model yet. ${firstModel(provider.row)}, then run \`fcc init\` again.`;
}

/** What this machine has to choose from, each with the options that choose it: for who has no terminal to be asked on. */
export function choiceLines({ servers, adoptable, keyed }: Pick<Inventory, "servers" | "adoptable" | "keyed">): readonly string[] {
  const choices = [
    ...servers.map(({ provider, discovery }) => {
      const model = chooseModel(discovery);
      const named = model === undefined ? "<name>" : shellWord(model.id);
      return [`--base-url ${shellWord(rootOf(provider))} --model ${named}`, discovery.server ?? provider.row.name] as const;
    }),
    ...adoptable.map(({ id, label }) => [`--from ${id}`, `what stands in ${label}`] as const),
    ...keyed.map(({ id, name, from }) => [`--provider ${id} --model <name>`, `${name}, with the key in ${from}`] as const),
  ];
  return choices.map(([options, what]) => plain(`  fcc init --yes ${options}  (${what})`));
}
