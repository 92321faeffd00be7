export { observe, type Seen } from "./observe.ts";
export { argumentsOf, type Said, saidIn } from "./said.ts";
export { type Ask, createAsk, type Heard } from "./talk.ts";
export { type ToolTry, tryToolCall } from "./tool-call.ts";
