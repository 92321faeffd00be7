import type { WireName } from "../model/opaque.ts";
import type { Quirks } from "../model/quirks.ts";
import { wiresOf } from "../providers/quirks-of.ts";
import { passes } from "./passes.ts";
import type { Target } from "./target.ts";

/** By which wire a target is spoken to. */
export interface Way {
  readonly wire: WireName;
  /** The client's own wire, and nothing in between: bytes pass. */
  readonly native: boolean;
}

/**
 * The wire for a target and a client. The client's own where the provider speaks it, unless the row knows a better one. `body` is the
 * client's parsed body.
 */
export function wayOf(target: Target, quirks: Quirks, client: WireName, body: unknown): Way {
  const { provider } = target;
  const spoken = Object.keys(provider.speaks) as WireName[];
  const served = wiresOf(provider.row, target.model).filter((wire) => spoken.includes(wire));
  const wires = served.length === 0 ? spoken : served;
  const better = provider.row.better?.[client]?.wire;
  const wire = [quirks.wire, better, ...preferences[client]].find((one) => one !== undefined && wires.includes(one)) ?? "chat";
  return { wire, native: wire === client && passes(target, quirks, client, body) };
}

/** Chat is what every server speaks best when it is not the client's own wire. */
const preferences: Readonly<Record<WireName, readonly WireName[]>> = {
  messages: ["messages", "chat", "responses"],
  chat: ["chat", "messages", "responses"],
  responses: ["responses", "chat", "messages"],
};
