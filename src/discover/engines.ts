import { defined } from "../model/defined.ts";
import type { Reach } from "../reach/reach.ts";
import type { Provider } from "../route/target.ts";
import { rootOf } from "./address.ts";
import { ask } from "./ask.ts";
import type { DiscoverOptions, Discovery } from "./discovery.ts";
import { askList } from "./listed.ts";
import { at, count, name } from "./shape.ts";

/** vLLM: the list has the window in force (`max_model_len`); what it serves is loaded. */
export async function discoverVllm(provider: Provider, reach: Reach, options: DiscoverOptions): Promise<Discovery> {
  const root = rootOf(provider);
  const [{ models, ...rest }, version] = await Promise.all([
    askList(provider, reach, options),
    ask(reach, provider, { ...options, url: `${root}/version` }),
  ]);
  const release = name(at(version.json, "version"));
  return {
    provider: provider.id,
    server: release ? `vLLM ${release}` : "vLLM",
    models: models.map((model) => ({ ...model, loaded: true })),
    ...rest,
  };
}

/** SGLang: the list has `max_model_len` in newer versions, the server's own page its settings. It serves one model. */
export async function discoverSglang(provider: Provider, reach: Reach, options: DiscoverOptions): Promise<Discovery> {
  const root = rootOf(provider);
  const [{ models, ...rest }, server] = await Promise.all([
    askList(provider, reach, options),
    ask(reach, provider, { ...options, url: `${root}/get_server_info` }),
  ]);
  const release = name(at(server.json, "version"));
  const own = count(at(server.json, "context_length"));
  const found = models.map((model) =>
    defined({
      ...model,
      context: model.context ?? own,
      loaded: true,
      source: model.context === undefined && own !== undefined ? "/get_server_info" : model.source,
    }),
  );
  return {
    provider: provider.id,
    server: release ? `SGLang ${release}` : "SGLang",
    models: found,
    ...rest,
  };
}
