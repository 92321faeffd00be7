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

/** What another tool's configuration says. */
export function selectionOf({ id, models, providers, keys, notices }: Adoptable): Selection {
  return { name: id === "environment" ? "anthropic-environment" : id, models, providers, keys, notices };
}
