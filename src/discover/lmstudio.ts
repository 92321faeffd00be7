import { defined } from "../model/defined.ts";
import { listOf } from "../model/json.ts";
import type { Answer, DiscoveredModel } from "./discovery.ts";
import { listed } from "./listed.ts";
import type { Server } from "./server.ts";
import { at, beyond, count, entriesOf, name, yes } from "./shape.ts";

/**
 * LM Studio: /api/v1/models (0.4 and later) and /api/v0/models tell the window with which a model is loaded; /v1/models has names only.
 * A model that is not loaded gets the window of its saved settings at its first request, which no endpoint tells.
 */
export async function discoverLmstudio(server: Server): Promise<Answer> {
  const [newest, older, plain] = await Promise.all([server.at("/api/v1/models"), server.at("/api/v0/models"), server.at("/v1/models")]);
  const own = readNewest(newest.json) ?? readOlder(older.json);
  const { models, ...rest } = own ? { models: own } : listed(server.provider, `${server.root}/v1/models`, plain);
  return { server: "LM Studio", models: own ?? models.filter(({ id }) => !/embed/i.test(id)), ...rest };
}

function readNewest(json: unknown): DiscoveredModel[] | undefined {
  const entries = at(json, "models");
  if (!Array.isArray(entries)) return undefined;
  return entriesOf(entries).flatMap((entry) => {
    const id = name(at(entry, "key")) ?? name(at(entry, "id"));
    if (id === undefined || at(entry, "type") === "embedding") return [];
    const instance = listOf(at(entry, "loaded_instances"))[0];
    return read(id, entry, {
      loaded: instance !== undefined,
      context: count(at(instance, "config.context_length")),
      size: count(at(entry, "size_bytes")),
      tools: yes(at(entry, "capabilities.trained_for_tool_use")),
      images: yes(at(entry, "capabilities.vision")),
      source: "/api/v1/models",
    });
  });
}

function readOlder(json: unknown): DiscoveredModel[] | undefined {
  const entries = at(json, "data");
  if (!Array.isArray(entries) || !entriesOf(entries).some((entry) => at(entry, "state") !== undefined)) return undefined;
  return entriesOf(entries).flatMap((entry) => {
    const id = name(at(entry, "id"));
    const type = at(entry, "type");
    if (id === undefined || type === "embeddings" || type === "embedding") return [];
    const abilities = at(entry, "capabilities");
    return read(id, entry, {
      loaded: at(entry, "state") === "loaded",
      context: count(at(entry, "loaded_context_length")),
      tools: Array.isArray(abilities) ? abilities.includes("tool_use") : undefined,
      images: typeof type === "string" ? type === "vlm" : undefined,
      source: "/api/v0/models",
    });
  });
}

type Read = Partial<Omit<{ [Key in keyof DiscoveredModel]: DiscoveredModel[Key] | undefined }, "id">> & { readonly source: string };

function read(id: string, entry: unknown, known: Read): DiscoveredModel {
  return defined({ id, ...known, trainedContext: beyond(known.context, count(at(entry, "max_context_length"))) });
}
