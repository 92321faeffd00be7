import type { IncomingMessage } from "node:http";
import type { Downstream } from "../downstream.ts";

/** One request of a client, with the answer that it waits for. */
export interface Incoming {
  readonly id: string;
  readonly request: IncomingMessage;
  readonly downstream: Downstream;
}
