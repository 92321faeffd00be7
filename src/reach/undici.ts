import connect from "undici/lib/api/api-connect.js";
import buildConnector from "undici/lib/core/connect.js";
import { kParser } from "undici/lib/core/symbols.js";
import Agent from "undici/lib/dispatcher/agent.js";
import Client from "undici/lib/dispatcher/client.js";

/**
 * The parts of undici that requests go by. Its index would load fetch, WebSocket, caches and mocks too, and with them Node's own copy
 * of undici: as long again as Node itself needs to start.
 */
export { Agent, buildConnector, Client, connect, kParser };
