import type { Draft } from "../../config/index.ts";
import type { Adoptable } from "./inventory.ts";
import type { Named } from "./named.ts";

/** What is to be written, and the secrets that go with it. */
export interface Selection extends Pick<Draft, "models" | "providers"> {
  /** The name of the profile where nobody gave one. */
  readonly name: string;
  readonly keys: Adoptable["keys"];
  readonly notices: readonly string[];
}

/** One provider's models. `haiku`: null takes away what is written, undefined leaves it. */
export function selectionOn(
  { id, draft }: Named,
  { main, haiku, key }: { readonly main: string; readonly haiku?: string | null | undefined; readonly key?: string | undefined },
): Selection {
  const targets = (model: string) => [`${id}/${model}`];
  return {
    name: id,
    models: { model: targets(main), ...(haiku === undefined ? {} : { haiku: haiku === null ? null : targets(haiku) }) },
    providers: Object.keys(draft).length === 0 ? {} : { [id]: draft },
    keys: key === undefined ? {} : { [id]: key },
    notices: [],
  };
}

/** In short, what taking it over comes to: a `.env` in the working folder may be a clone's, and name a server and a key of its own. */
export function aboutAdoptable({ models, providers, keys }: Pick<Adoptable, "models" | "providers" | "keys">): string {
  const addresses = Object.values(providers).flatMap(({ baseUrl, speaks = {} }) => [
    ...(baseUrl === undefined ? [] : [baseUrl]),
    ...Object.values(speaks).map((wire) => wire.baseUrl),
  ]);
  const keyed = Object.keys(keys);
  return [
    models["model"]?.[0] ?? "",
    ...(addresses.length === 0 ? [] : [`at ${[...new Set(addresses)].join(", ")}`]),
    ...(keyed.length === 0 ? [] : [`with its key for ${keyed.join(", ")}`]),
  ].join(" ");
}

/** What another tool's configuration says. */
export function selectionOf({ id, models, providers, keys, notices }: Adoptable): Selection {
  return { name: id === "environment" ? "anthropic-environment" : id, models, providers, keys, notices };
}
