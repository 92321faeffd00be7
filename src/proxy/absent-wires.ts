import { type Failure, isMissing } from "../model/failure.ts";
import type { WireName } from "../model/opaque.ts";
import type { Provider, Target } from "../route/target.ts";
import type { Result } from "./exchange.ts";
import type { Session } from "./session.ts";

/** The wires that providers turn out not to have, while one request is being attempted. */
export interface AbsentWires {
  /** The target with only those wires of its provider that are not known to be absent. */
  without(target: Target): Target;
  /** An attempt's failure, if it shows that the provider lacks the wire and there is another one to try. */
  absence(provider: Provider, wire: WireName, result: Result): Failure | undefined;
  /** The last attempt's result. If another wire answered, the absent ones are remembered; if none did, the failure names each address. */
  settled(provider: Provider, result: Result): Result;
}

/** At a cloud provider's own address the row is right about its wires. At another address a gateway or another server answers. */
function hasAll({ row, speaks }: Provider, wire: WireName): boolean {
  const [written, own] = [speaks[wire], row.speaks[wire]];
  if (row.kind !== "cloud" || written === undefined || own === undefined) return false;
  return row.ownAddress === true || originOf(written) === originOf(own);
}

const originOf = ({ baseUrl }: { readonly baseUrl: string }) => new URL(baseUrl).origin;

/**
 * A row says what the newest version of a server speaks. An older one, or a gateway in front of it, may lack an endpoint: it is asked by
 * the next of its wires.
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
      // The address has understood a request before: the wire is there.
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
