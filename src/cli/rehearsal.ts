import { type Ask, createAsk, observe, type Seen } from "../checks/index.ts";
import { foldersOf } from "../config/index.ts";
import type { Environment } from "../model/environment.ts";
import type { Fact } from "../model/fact.ts";
import type { WireName } from "../model/opaque.ts";
import { perTier } from "../model/tiers.ts";
import { createReach } from "../reach/reach.ts";
import type { Profile, Target } from "../route/target.ts";
import { randomIds } from "./ids.ts";
import { type Backends, openBackends } from "./launch/backends.ts";

/** A launch without a client: the same proxy on the same way, with fcc itself in the client's place. */
export interface Rehearsal extends Pick<Backends, "profile" | "reach" | "forward" | "refusal"> {
  /** Asks one target, without alternatives. `fixedWires`: by the wire that comes first alone, also where there is no such address. */
  ask(target: Target, options?: { readonly fixedWires?: boolean }): Ask;
  close(): Promise<void>;
}

interface RehearsalOptions {
  /** Tokens that a client would need. */
  readonly needed?: number;
  /** Is told what is started and waited for. */
  readonly say?: (line: string) => void;
}

export async function openRehearsal(
  given: Profile,
  env: Environment,
  { needed = 0, say = () => {} }: RehearsalOptions = {},
): Promise<Rehearsal> {
  const backends = await openBackends(given, { env, cache: foldersOf({ env }).cache, needed, say });
  const { profile } = backends;
  const seen: Seen[] = [];
  const facts: Fact[] = [];
  const reach = observe(backends.reach, (one) => seen.push(one));
  const loopback = createReach({ env: {} });
  const opened: { close(): Promise<void> }[] = [];
  const asks = new Map<string, Ask>();
  const start = async (target: Target, fixedWires: boolean): Promise<Ask> => {
    const targets = [target] as const;
    const { startWith } = await import("./proxy.ts");
    const proxy = await startWith({
      profile: {
        ...profile,
        main: targets,
        tiers: perTier(() => targets),
        providers: { [target.provider.id]: target.provider },
      },
      reach,
      fixedWires,
      sink: (fact) => void facts.push(fact),
    });
    opened.push(proxy);
    return createAsk({ proxy, reach: loopback, ids: randomIds, seen, facts });
  };
  return {
    ...backends,
    ask:
      (target, { fixedWires = false } = {}) =>
      async (request, options) => {
        const { id, row, speaks } = target.provider;
        const name = JSON.stringify([id, target.model, row.better, speaks, target.quirks, fixedWires]);
        const ask = asks.get(name) ?? (await start(target, fixedWires));
        asks.set(name, ask);
        return ask(request, options);
      },
    async close() {
      for (const one of opened) await one.close();
      await Promise.all([loopback.close(), backends.close()]);
    },
  };
}

/** A target spoken to by one wire, whatever its row prefers. */
export function onWire(target: Target, wire: WireName): Target {
  const { row } = target.provider;
  return {
    ...target,
    provider: { ...target.provider, row: { ...row, better: { ...row.better, messages: { wire, reason: "asked for" } } } },
  };
}
