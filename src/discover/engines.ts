import { defined } from "../model/defined.ts";
import type { Answer } from "./discovery.ts";
import { released, type Server } from "./server.ts";
import { at, count } from "./shape.ts";

/** vLLM: the list has the window in force (`max_model_len`); what it serves is loaded. */
export async function discoverVllm(server: Server): Promise<Answer> {
  const [{ models, ...rest }, version] = await Promise.all([server.list(), server.at("/version")]);
  return { server: released("vLLM", version), models: models.map((model) => ({ ...model, loaded: true })), ...rest };
}

/** SGLang: the list has `max_model_len` in newer versions, the server's own page its settings. It serves one model. */
export async function discoverSglang(server: Server): Promise<Answer> {
  const [{ models, ...rest }, info] = await Promise.all([server.list(), server.at("/get_server_info")]);
  const own = count(at(info.json, "context_length"));
  const found = models.map((model) =>
    defined({
      ...model,
      context: model.context ?? own,
      loaded: true,
      source: model.context === undefined && own !== undefined ? "/get_server_info" : model.source,
    }),
  );
  return { server: released("SGLang", info), models: found, ...rest };
}
