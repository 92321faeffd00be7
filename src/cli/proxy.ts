import type { RequestHandler } from "../proxy/incoming/port.ts";
import { type ProxyOptions, requestHandler, type StartedProxy, startProxy } from "../proxy/server.ts";
import { randomIds } from "./ids.ts";
import { wires } from "./wires.ts";

/*
 * The proxy with all wires. Most of fcc, so a script of its own, which is asked for by `import()`: a client starts meanwhile.
 */

type Given = Omit<ProxyOptions, "wires" | "ids" | "clock">;

const own = { wires, ids: randomIds, clock: () => performance.timeOrigin + performance.now() };

/** What answers at the port of a launch. */
export function answerWith(options: Given & { readonly token: string }): RequestHandler {
  return requestHandler({ ...options, ...own });
}

/** The same at a port of its own, for fcc's own questions. */
export function startWith(options: Given): Promise<StartedProxy> {
  return startProxy({ ...options, ...own });
}
