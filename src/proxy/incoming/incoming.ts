import type { IncomingMessage } from "node:http";
import type { Happening } from "../../model/fact.ts";
import type { Downstream } from "../downstream.ts";
import type { Session } from "../session.ts";

/** One request of a client, with the answer that it waits for. */
export interface Incoming {
  readonly session: Session;
  readonly id: string;
  readonly request: IncomingMessage;
  readonly downstream: Downstream;
  /** Tells whoever watches. */
  readonly report: (happening: Happening) => void;
}
