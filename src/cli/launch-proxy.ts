import type { Handle } from "../proxy/port.ts";
import { answerFor, type ProxyOptions } from "../proxy/server.ts";
import { wires } from "./wires.ts";

/** What answers the client of a launch. It stands apart because it is most of fcc, and loads while the client starts. */
export function answerWith(options: Omit<ProxyOptions, "wires"> & { readonly token: string }): Handle {
  return answerFor({ ...options, wires });
}
