import { type Failure, isMissing } from "../model/failure.ts";
import type { Provider } from "../route/target.ts";
import type { Said } from "./ask.ts";
import type { DiscoveredModel } from "./discovery.ts";
import { readModelList } from "./model-list.ts";

export interface Listed {
  readonly models: readonly DiscoveredModel[];
  readonly failure?: Failure;
}

/** The models that an answer lists. One that is no list (a page, with a status of 200 all the same) says nothing of what is there. */
export function listed({ id }: Provider, url: string, { json, failure }: Said): Listed {
  const models = readModelList(json);
  if (models !== undefined) return { models };
  if (failure !== undefined && isMissing(failure))
    return { models: [], failure: { ...failure, message: `there is no list of models at ${url}: ${failure.message}` } };
  const message = `The answer of ${url} is no list of models.`;
  return { models: [], failure: failure ?? { kind: "upstream", message, origin: "provider", provider: id } };
}
