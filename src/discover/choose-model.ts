import type { DiscoveredModel, Discovery } from "./discovery.ts";

/** Models that hold no conversation, where the server's list does not tell them apart. */
const otherKinds = /embed|rerank|whisper|bge-|minilm|tts|stable-diffusion|clip-/i;

/**
 * The model to use where nobody named one: a loaded one, since the first answer then comes at once; else the largest. One that is
 * known to take no tools comes last: an agent can do nothing with it.
 */
export function chooseModel(discovery: Discovery): DiscoveredModel | undefined {
  const rank = (model: DiscoveredModel) => [model.tools === false ? 0 : 1, model.loaded ? 1 : 0, model.size ?? 0];
  return discovery.models
    .filter(({ id }) => !otherKinds.test(id))
    .map((model) => ({ model, rank: rank(model) }))
    .sort((a, b) => {
      for (let place = 0; place < 3; place++) {
        const difference = (b.rank[place] ?? 0) - (a.rank[place] ?? 0);
        if (difference !== 0) return difference;
      }
      return 0;
    })[0]?.model;
}
