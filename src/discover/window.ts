import { limitsOf } from "../providers/index.ts";
import type { Reach } from "../reach/reach.ts";
import { baseUrlOf, type Target, targetName } from "../route/target.ts";
import type { DiscoveredModel, Discovery } from "./discovery.ts";
import { fullName } from "./full-name.ts";

/** What earlier launches learned, kept by whoever may write files. */
export interface WindowMemory {
  get(key: string): number | undefined;
  set(key: string, context: number): void;
}

export interface Window {
  /** Tokens. */
  readonly context?: number;
  readonly maxOutput?: number;
  /** Where it was read, for people: "configuration", "/props", "the last launch", "built-in table", "trained window". */
  readonly source: string;
  /** false: nobody said that this window is in force; it is what the model could take. */
  readonly certain: boolean;
  /** Whether the model takes tools and images, where the server says so. */
  readonly model?: DiscoveredModel;
  readonly discovery?: Discovery;
}

/**
 * The window of a target: what the configuration says, else what the server says, else what it said when this model was loaded last,
 * else the built-in table, else what the model was trained for.
 */
export async function windowOf(target: Target, reach: Reach, memory: WindowMemory): Promise<Window> {
  // A launch on a provider that has not to be asked does not wait for what asks.
  const { discover } = await import("./discover.ts");
  const discovery = await discover(target.provider, reach, { models: [target.model] });
  const found = windowIn(target, discovery, memory);
  // What is in force now holds for the time when the server does not say: Ollama and LM Studio know it of loaded models only.
  if (found.model?.context !== undefined && found.model.source !== "built-in table") {
    memory.set(memoryKey(target, discovery), found.model.context);
    rememberWindow(target, found.model.context, memory);
  }
  return found;
}

/** For a launch whose server does not answer in time, and so does not say which version it is either. */
export function rememberWindow(target: Target, context: number, memory: WindowMemory): void {
  memory.set(memoryKey(target, undefined), context);
}

/** The same from an answer that was had before. Pure but for the memory's `get`. */
export function windowIn(target: Target, discovery: Discovery | undefined, memory?: WindowMemory): Window {
  const model = discovery && modelIn(discovery, target.model);
  const limits = limitsOf(target.provider.row, target.model);
  const maxOutput = target.maxOutput ?? model?.maxOutput ?? limits.maxOutput;
  const known = { ...(maxOutput !== undefined && { maxOutput }), ...(model && { model }), ...(discovery && { discovery }) };
  if (target.context !== undefined) return { ...known, context: target.context, source: "configuration", certain: true };
  if (model?.context !== undefined) return { ...known, context: model.context, source: model.source, certain: true };
  const remembered = memory?.get(memoryKey(target, discovery));
  if (remembered !== undefined) return { ...known, context: remembered, source: "the last launch", certain: true };
  if (limits.context !== undefined) return { ...known, context: limits.context, source: "built-in table", certain: true };
  if (model?.trainedContext !== undefined) return { ...known, context: model.trainedContext, source: "trained window", certain: false };
  return { ...known, source: "not known", certain: false };
}

/** A model by the name that was written: the tag may be left out, a server with one model takes any name. */
export function modelIn(discovery: Discovery, name: string): DiscoveredModel | undefined {
  const { models } = discovery;
  const exact = models.find(({ id }) => id === name) ?? models.find(({ id }) => fullName(id) === fullName(name));
  // llama.cpp does not look at the name.
  return exact ?? (discovery.server?.startsWith("llama.cpp") && models.length === 1 ? models[0] : undefined);
}

function memoryKey(target: Target, discovery: Discovery | undefined): string {
  const server = discovery?.failure === undefined ? discovery?.server : undefined;
  return [targetName(target), baseUrlOf(target.provider) ?? "", server ?? ""].join(" ");
}
