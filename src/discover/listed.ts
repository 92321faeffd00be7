import { isMissing } from "../model/failure.ts";
import type { Reach } from "../reach/reach.ts";
import type { Provider } from "../route/target.ts";
import { listsOf } from "./address.ts";
import { ask, type Question, type Said } from "./ask.ts";
import type { Answer } from "./discovery.ts";
import { identify } from "./identify.ts";
import { readModelList } from "./model-list.ts";

/** The models that an answer lists. One that is no list (a page, with a status of 200 all the same) says nothing of what is there. */
export function listed({ id }: Provider, url: string, { json, failure }: Said): Answer {
  const models = readModelList(json);
  if (models !== undefined) return { models };
  if (failure !== undefined && isMissing(failure))
    return { models: [], failure: { ...failure, message: `there is no list of models at ${url}: ${failure.message}` } };
  const message = `The answer of ${url} is no list of models.`;
  return { models: [], failure: failure ?? { kind: "upstream", message, origin: "provider", provider: id } };
}

/** The list, at the first of the addresses that has one. */
export async function askList(provider: Provider, reach: Reach, options: Omit<Question, "url">): Promise<Answer> {
  const tried: string[] = [];
  let said: Said = { headers: {} };
  for (const url of listsOf(provider)) {
    tried.push(url);
    said = await ask(reach, provider, { ...options, url });
    // A page with a status of 200 is no list either.
    const missing = said.failure === undefined ? readModelList(said.json) === undefined : isMissing(said.failure);
    if (!missing) break;
  }
  if (tried.length === 0) return { models: [] };
  const row = identify(said.json, said.headers["server"]);
  return { ...(row !== undefined && { row }), ...listed(provider, tried.join(" or "), said) };
}
