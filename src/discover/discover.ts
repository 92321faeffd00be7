import { defined } from "../model/defined.ts";
import { limitsOf } from "../providers/index.ts";
import type { Reach } from "../reach/reach.ts";
import type { Provider } from "../route/target.ts";
import type { Answer, DiscoveredModel, DiscoverOptions, Discovery } from "./discovery.ts";
import { discoverSglang, discoverVllm } from "./engines.ts";
import { discoverLitellm } from "./litellm.ts";
import { discoverLlamacpp } from "./llamacpp.ts";
import { discoverLmstudio } from "./lmstudio.ts";
import { discoverOllama } from "./ollama.ts";
import { type Server, serverOf } from "./server.ts";

const ways: Readonly<Record<NonNullable<Provider["row"]["discover"]>, (server: Server) => Promise<Answer>>> = {
  ollama: discoverOllama,
  llamacpp: discoverLlamacpp,
  litellm: discoverLitellm,
  lmstudio: discoverLmstudio,
  vllm: discoverVllm,
  sglang: discoverSglang,
  openai: (server) => server.list(),
  anthropic: (server) => server.list({ wire: "messages" }),
  none: async ({ provider }) => ({ models: known(provider) }),
};

/**
 * Asks a provider which models it serves and with which windows. Never throws: what went wrong is `failure`, beside what is known all
 * the same. Windows and output limits that the server does not tell come from the row ("built-in table").
 */
export async function discover(provider: Provider, reach: Reach, options: DiscoverOptions = {}): Promise<Discovery> {
  const answer = await ways[provider.row.discover ?? "openai"](serverOf(provider, reach, options));
  return { provider: provider.id, ...answer, models: once(answer.models).map((model) => withLimits(model, provider)) };
}

/** The models of the built-in table, for providers without a list. At an address of the user's own the names are the user's own too. */
function known({ row }: Provider): DiscoveredModel[] {
  if (row.ownAddress) return [];
  return Object.keys(row.limits ?? {}).map((id) => ({ id, source: "built-in table" }));
}

function withLimits(model: DiscoveredModel, { row }: Provider): DiscoveredModel {
  const { context, maxOutput } = limitsOf(row, model.id);
  const table = "built-in table";
  const fromTable = model.context === undefined && context !== undefined;
  const outputFromTable = model.maxOutput === undefined && maxOutput !== undefined;
  return defined({
    ...model,
    context: model.context ?? context,
    maxOutput: model.maxOutput ?? maxOutput,
    source: fromTable ? table : model.source,
    sources: outputFromTable ? { ...model.sources, maxOutput: table } : model.sources,
  });
}

function once(models: readonly DiscoveredModel[]): DiscoveredModel[] {
  return [...new Map(models.map((model) => [model.id, model])).values()];
}
