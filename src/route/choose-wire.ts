import type { WireName } from "../model/opaque.ts";
import { wiresOf } from "../providers/quirks-of.ts";
import { type QuirksByWire, quirksOn } from "./lessons.ts";
import { type Obstacle, obstacleTo } from "./obstacles.ts";
import type { Target } from "./target.ts";

/** The wire on which a target is asked. */
export interface WireChoice {
  readonly wire: WireName;
  /** It is the client's own wire and nothing has to be translated: the bytes pass, but for the edits. */
  readonly native: boolean;
  /** Why not as they are, where it is the client's own. */
  readonly obstacle?: Obstacle;
}

/**
 * Chooses the wire for a target and a client: the client's own where the provider speaks it, unless the provider's row knows a better one.
 * `body` is the client's parsed body.
 */
export function chooseWire(asked: QuirksByWire & { readonly target: Target }, client: WireName, body: unknown): WireChoice {
  const { target, quirks } = asked;
  const { provider } = target;
  const spoken = Object.keys(provider.speaks) as WireName[];
  const served = wiresOf(provider.row, target.model).filter((wire) => spoken.includes(wire));
  const wires = served.length === 0 ? spoken : served;
  const better = provider.row.better?.[client]?.wire;
  const wire = [quirks.wire, better, ...preferences[client]].find((one) => one !== undefined && wires.includes(one)) ?? "chat";
  if (wire !== client) return { wire, native: false };
  return onOwnWire(wire, obstacleTo({ target, quirks: quirksOn(asked, wire), client, body }));
}

export function onOwnWire(wire: WireName, obstacle: Obstacle | undefined): WireChoice {
  return obstacle === undefined ? { wire, native: true } : { wire, native: !obstacle.edits.includes("conversation"), obstacle };
}

/** After the client's own wire comes chat, which every server speaks best. */
const preferences: Readonly<Record<WireName, readonly WireName[]>> = {
  messages: ["messages", "chat", "responses"],
  chat: ["chat", "messages", "responses"],
  responses: ["responses", "chat", "messages"],
};
