import { setFlagsFromString } from "node:v8";
import connect from "undici/lib/api/api-connect.js";
import buildConnector from "undici/lib/core/connect.js";
import { kParser } from "undici/lib/core/symbols.js";
import Agent from "undici/lib/dispatcher/agent.js";
import Client from "undici/lib/dispatcher/client.js";

/**
 * The parts of undici that a launch waits for. Its index would load fetch, WebSocket, caches and mocks too, and with them Node's own copy
 * of undici: as long again as Node itself needs to start.
 */
export { Agent, buildConnector, Client, connect, kParser };

// undici's parser is WebAssembly in one large function. After some sixty bytes V8 would optimise it in the background, for longer than a
// whole launch takes, and a process does not end before such work is done. Put off until a session has read some hundred kilobytes.
setFlagsFromString("--wasm-tiering-budget=1000000000");
