import { type Failure, isMissing } from "../model/failure.ts";
import type { WireName } from "../model/opaque.ts";
import type { Provider, Target } from "../route/target.ts";
import type { Result } from "./exchange.ts";
import type { Session } from "./session.ts";

/** The wires that providers turn out not to have while one request is tried. */
export interface AbsentWires {
  /** The target, without those wires of its provider that were found absent. */
  without(target: Target): Target;
  /** An attempt's failure, where it shows that the provider lacks the wire and another of its wires is left to try. */
  absence(provider: Provider, wire: WireName, result: Result): Failure | undefined;
  /** What the last attempt came to: what was absent is remembered where another wire answered, else the failure names each address. */
  settled(provider: Provider, result: Result): Result;
}

/** A cloud provider has what its row says at its own address; elsewhere its name stands for a gateway, or a server of one's own. */
function hasAll({ row, speaks }: Provider, wire: WireName): boolean {
  const [written, own] = [speaks[wire], row.speaks[wire]];
  if (row.kind !== "cloud" || written === undefined || own === undefined) return false;
  return row.ownAddress === true || originOf(written) === originOf(own);
}

const originOf = ({ baseUrl }: { readonly baseUrl: string }) => new URL(baseUrl).origin;

/**
 * A row says what the newest version of a server speaks. One that is older, or a gateway in front of it, has no such endpoint and is asked
 * by the next of its wires.
 */
export function createAbsentWires(session: Session): AbsentWires {
  const found: { readonly provider: string; readonly wire: WireName; readonly message: string }[] = [];
  const isGone = (provider: Provider, wire: string) =>
    session.absentWires.has(`${provider.id} ${wire}`) || found.some((one) => one.provider === provider.id && one.wire === wire);
  const left = (provider: Provider) => Object.entries(provider.speaks).filter(([wire]) => !isGone(provider, wire));
  return {
    without(target) {
      const { provider } = target;
      const speaks = left(provider);
      if (speaks.length === 0 || speaks.length === Object.keys(provider.speaks).length) return target;
      return { ...target, provider: { ...provider, speaks: Object.fromEntries(speaks) } };
    },
    absence(provider, wire, { done, failure }) {
      if (done === true || failure === undefined || session.options.fixedWires === true || hasAll(provider, wire) || !isMissing(failure))
        return undefined;
      // Where an address understood a request before, the wire is there.
      if (session.addresses.has(`${provider.id} ${wire}`) || !left(provider).some(([other]) => other !== wire)) return undefined;
      found.push({ provider: provider.id, wire, message: failure.message });
      return failure;
    },
    settled(provider, result) {
      const others = found.filter((one) => one.provider === provider.id);
      if (others.length === 0) return result;
      if (result.done !== true && isMissing(result.failure)) {
        const message = [...others.map((one) => one.message), result.failure.message].join("; ");
        return { ...result, failure: { ...result.failure, message } };
      }
      for (const { wire } of others) session.absentWires.add(`${provider.id} ${wire}`);
      return result;
    },
  };
}
