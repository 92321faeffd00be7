export { rootOf, withoutVersion } from "./address.ts";
export { chooseModel } from "./choose-model.ts";
export { discover } from "./discover.ts";
export type { DiscoveredModel, Discovery } from "./discovery.ts";
export { copyName, loadOllama, makeOllamaCopy, removeOllamaCopy } from "./load-ollama.ts";
export { discoverAt, discoverLocal, type Found } from "./local.ts";
export { loadedWindow } from "./ollama.ts";
export { warmReach } from "./warm-up.ts";
export { modelIn, windowIn } from "./window.ts";
