import type { DiscoveredModel, Discovery } from "./discovery.ts";

/** Models that hold no conversation, where the server's list does not tell them apart. */
const otherKinds = /embed|rerank|whisper|bge-|minilm|tts|stable-diffusion|clip-/i;

/**
 * The model to use where nobody named one: a loaded one, since the first answer then comes at once; else the largest. One that is
 * known to take no tools comes last: an agent can do nothing with it.
 */
export function chooseModel(discovery: Discovery): DiscoveredModel | undefined {
  const [best] = discovery.models
    .filter(({ id }) => !otherKinds.test(id))
    .sort((a, b) => first(a.tools !== false, b.tools !== false) || first(a.loaded, b.loaded) || (b.size ?? 0) - (a.size ?? 0));
  return best;
}

/** Orders what is so before what is not. */
const first = (a = false, b = false): number => Number(b) - Number(a);
