export { chooseModel } from "./choose-model.ts";
export { discover } from "./discover.ts";
export type { DiscoveredModel, Discovery } from "./discovery.ts";
export { checkOllama, fittedName, loadOllama } from "./load-ollama.ts";
export { discoverLocal, type Found, type LocalOptions } from "./local.ts";
export type { DiscoverOptions } from "./options.ts";
export { modelIn, type Window, type WindowMemory, windowIn, windowOf } from "./window.ts";
