import { defined } from "../model/defined.ts";
import type { Failure } from "../model/failure.ts";
import { listOf, objectOf } from "../model/json.ts";
import type { Reach } from "../reach/reach.ts";
import type { Provider } from "../route/target.ts";
import type { AskOptions } from "./ask.ts";
import type { Answer, DiscoveredModel } from "./discovery.ts";
import { fullName } from "./full-name.ts";
import { released, type Server, serverOf } from "./server.ts";
import { at, beyond, count, entriesOf, name } from "./shape.ts";

/**
 * Ollama's own endpoints: /api/tags what is there, /api/ps what is loaded and with which window, /api/show what a model was trained
 * for and can do. The window of a model that is not loaded is known only where its Modelfile sets `num_ctx`.
 */
export async function discoverOllama(server: Server): Promise<Answer> {
  const [version, tags, running, ...shown] = await Promise.all([
    server.at("/api/version"),
    server.at("/api/tags"),
    server.at("/api/ps"),
    ...server.asked.map((model) => server.at("/api/show", { method: "POST", body: { model } })),
  ]);
  const installed = at(tags.json, "models");
  const failure = tags.failure ?? (Array.isArray(installed) ? undefined : notOllama(server.provider));
  const loaded = new Map(
    entriesOf(at(running.json, "models")).flatMap((entry) => nameOf(entry).map((id) => [id, count(at(entry, "context_length"))] as const)),
  );
  const details = new Map(server.asked.map((model, index) => [fullName(model), shown[index]?.json] as const));
  // Our own copies with another window (`makeOllamaCopy`) are nobody's choice, unless asked for.
  const models = entriesOf(installed)
    .flatMap((entry) => readModel(entry, loaded, details))
    .filter(({ id }) => !id.startsWith("fcc/") || details.has(fullName(id)));
  return { server: released("Ollama", version), models, ...(failure && { failure }) };
}

/** The window with which a model is loaded now, by /api/ps. undefined: it is not loaded, or the version does not say. */
export async function loadedWindow(provider: Provider, model: string, reach: Reach, options: AskOptions = {}): Promise<number | undefined> {
  const { json } = await serverOf(provider, reach, options).at("/api/ps");
  const entry = entriesOf(at(json, "models")).find((candidate) => nameOf(candidate).includes(fullName(model)));
  return count(at(entry, "context_length"));
}

function nameOf(entry: unknown): string[] {
  const id = name(at(entry, "name")) ?? name(at(entry, "model"));
  return id === undefined ? [] : [fullName(id)];
}

function readModel(
  entry: unknown,
  loaded: ReadonlyMap<string, number | undefined>,
  details: ReadonlyMap<string, unknown>,
): DiscoveredModel[] {
  const [id] = nameOf(entry);
  if (id === undefined) return [];
  const shown = details.get(id);
  const abilities = Array.isArray(at(shown, "capabilities")) ? listOf(at(shown, "capabilities")) : undefined;
  if (abilities && !abilities.includes("completion")) return [];
  const running = loaded.get(id);
  const configured = numCtx(at(shown, "parameters"));
  const trained = trainedWindow(shown);
  // A model that runs at ollama.com is not cut down by this machine.
  const remote = at(entry, "remote_host") !== undefined || at(shown, "remote_host") !== undefined;
  const context = running ?? (remote ? trained : configured);
  return [
    defined({
      id: id.replace(/:latest$/, ""),
      context,
      trainedContext: beyond(context, trained),
      loaded: loaded.has(id),
      size: count(at(entry, "size")),
      tools: abilities?.includes("tools"),
      images: abilities?.includes("vision"),
      reasoning: abilities?.includes("thinking"),
      source: running !== undefined ? "/api/ps" : context !== undefined && !remote ? "num_ctx in its Modelfile" : "/api/show",
    }),
  ];
}

/** `model_info` names the figure by the architecture: "qwen3.context_length". */
function trainedWindow(shown: unknown): number | undefined {
  const info = objectOf(at(shown, "model_info"));
  const architecture = name(info["general.architecture"]);
  return (
    (architecture ? count(info[`${architecture}.context_length`]) : undefined) ??
    count(Object.entries(info).find(([key]) => key.endsWith(".context_length"))?.[1])
  );
}

/** `parameters` is text, a parameter to a line. */
function numCtx(parameters: unknown): number | undefined {
  return typeof parameters === "string" ? count(/^num_ctx[ \t]+(\d+)[ \t]*$/m.exec(parameters.slice(0, 65_536))?.[1]) : undefined;
}

function notOllama(provider: Provider): Failure {
  return {
    kind: "upstream",
    message: "The server answers, but not as Ollama does (/api/tags).",
    origin: "provider",
    provider: provider.id,
  };
}
