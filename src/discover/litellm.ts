import { defined } from "../model/defined.ts";
import type { Answer, DiscoveredModel } from "./discovery.ts";
import { readModelList } from "./model-list.ts";
import type { Server } from "./server.ts";

/**
 * LiteLLM's proxy: its list has names only; windows, limits and abilities stand at endpoints of its own, of which a virtual key may be refused
 * one or both (docs.litellm.ai/docs/proxy/model_management).
 */
export async function discoverLitellm(server: Server): Promise<Answer> {
  const [{ models, ...rest }, grouped] = await Promise.all([server.list(), server.at("/model_group/info")]);
  // A server that says nothing is not waited for a second time.
  if (rest.failure !== undefined) return { ...rest, models };
  const described = readModelList(grouped.json) ?? readModelList((await server.at("/model/info")).json) ?? [];
  const details = smallest(described);
  const found = models.filter(({ id }) => !standIns.has(id)).map((model) => details.get(model.id) ?? model);
  return { ...rest, models: found };
}

/** What its list has in place of models, where a key may use all of them, or none by default. */
const standIns: ReadonlySet<string> = new Set(["all-team-models", "all-proxy-models", "no-default-models"]);

/** Of the deployments that share a name, and among which it chooses, the one with the smallest window. */
function smallest(models: readonly DiscoveredModel[]): ReadonlyMap<string, DiscoveredModel> {
  const windowOf = (model: DiscoveredModel | undefined) => model?.context ?? Number.POSITIVE_INFINITY;
  const found = new Map<string, DiscoveredModel>();
  for (const model of models)
    if (!found.has(model.id) || windowOf(model) < windowOf(found.get(model.id))) found.set(model.id, withoutDenials(model));
  return found;
}

/** It says false of every ability that its own table does not know of: of any model on a team's own server. */
function withoutDenials({ tools, images, reasoning, ...model }: DiscoveredModel): DiscoveredModel {
  return defined({ ...model, tools: tools || undefined, images: images || undefined, reasoning: reasoning || undefined });
}
