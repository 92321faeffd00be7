import { defined } from "../model/defined.ts";
import type { Answer, DiscoveredModel } from "./discovery.ts";
import { listed } from "./listed.ts";
import type { Server } from "./server.ts";
import { at, count, entriesOf, name, yes } from "./shape.ts";

/**
 * llama.cpp's server: /v1/models names the model, /props tells the window of one slot (the total is shared by the slots) and what the
 * chat template can say. A router (several models) lists them with their state, and /props needs the model's name.
 */
export async function discoverLlamacpp(server: Server): Promise<Answer> {
  const [models, props] = await Promise.all([server.at("/v1/models"), server.at("/props")]);
  const entries = entriesOf(at(models.json, "data"));
  const states = new Map(entries.map((entry) => [name(at(entry, "id")), at(entry, "status.value")] as const));
  const router = [...states.values()].some((state) => typeof state === "string");
  const asked = router ? server.asked.filter((model) => states.get(model) === "loaded") : [];
  const each = new Map(
    await Promise.all(asked.map(async (model) => [model, (await server.at(`/props?model=${encodeURIComponent(model)}`)).json] as const)),
  );
  const { models: named, ...rest } = listed(server.provider, `${server.root}/v1/models`, models);
  const found = named.map((model) => {
    const own = router ? each.get(model.id) : entries.length === 1 ? props.json : undefined;
    return { ...withProps(model, own), loaded: router ? states.get(model.id) === "loaded" : true };
  });
  return { server: buildOf(props.json), models: found, ...rest };
}

function withProps(model: DiscoveredModel, props: unknown): DiscoveredModel {
  const context = count(at(props, "default_generation_settings.n_ctx"));
  const caps = at(props, "chat_template_caps");
  const tools = yes(at(caps, "supports_tools"));
  const calls = yes(at(caps, "supports_tool_calls"));
  return defined({
    ...model,
    ...(context !== undefined && { context, source: "/props" }),
    // The entry's modalities are those of the model, the server's those that it was started with (--mmproj).
    images: yes(at(props, "modalities.vision")) ?? model.images,
    // Tools that the template cannot say are dropped without a word.
    tools: tools === undefined && calls === undefined ? model.tools : (tools ?? true) && (calls ?? true),
    reasoning: yes(at(caps, "supports_preserve_reasoning")) || yes(at(caps, "supports_reasoning_effort")) || model.reasoning,
  });
}

/** "b9999-abcdef1"; a build outside git says "b0-unknown". */
function buildOf(props: unknown): string {
  const build = name(at(props, "build_info"));
  return build && !/^b0\b/.test(build) ? `llama.cpp ${build}` : "llama.cpp";
}
