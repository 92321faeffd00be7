export { chooseModel } from "./choose-model.ts";
export { discover } from "./discover.ts";
export type { DiscoveredModel, Discovery } from "./discovery.ts";
export { copyName, loadOllama, makeOllamaCopy, removeOllamaCopy } from "./load-ollama.ts";
export { discoverLocal, type Found, type LocalOptions } from "./local.ts";
export { loadedWindow } from "./ollama.ts";
export type { DiscoverOptions } from "./options.ts";
export { type WarmReach, warmReach } from "./warm-up.ts";
export { modelIn, type Window, type WindowMemory, windowIn, windowOf } from "./window.ts";
