import { type Failure, isMissing, transient } from "../model/failure.ts";
import type { WireName } from "../model/opaque.ts";
import { wiresOf } from "../providers/quirks-of.ts";
import { quirksOn } from "../route/lessons.ts";
import type { Attempt, Sent } from "../route/memory.ts";
import { type Provider, type Target, targetName } from "../route/target.ts";
import { speaksOfModel } from "./attribute-failure.ts";
import type { Exchange, Result } from "./exchange.ts";
import { relay } from "./native/relay.ts";
import { placeOf } from "./session.ts";
import { translate } from "./translated/translate.ts";
import { wireFor } from "./wire-for.ts";
import { beat } from "./write-answer.ts";

/** What an attempt came to, and the provider with the secrets that were sent to it. */
export interface Made {
  readonly result: Result;
  readonly asked: Provider;
  readonly wire: WireName;
  readonly sent: Sent;
}

/**
 * Makes the attempts of one request. A row says what the newest version of a server speaks. An older one, or a gateway in front of it, may
 * lack an endpoint: it is asked by the next of its wires. So is a provider whose plan is served on others than the one that is paid by use. Where
 * another wire understands the request, those that were absent are remembered until that one is missing too; where none does, the failure names
 * each address.
 */
export function attemptsOf(exchange: Exchange): (attempt: Attempt) => Promise<Made> {
  const { session, report } = exchange;
  const found: { readonly provider: string; readonly wire: WireName; readonly message: string }[] = [];
  const isGone = (provider: Provider, wire: string) =>
    session.absentWires.has(placeOf(provider, wire)) || found.some((one) => one.provider === provider.id && one.wire === wire);
  const left = (provider: Provider) => Object.entries(provider.speaks).filter(([wire]) => !isGone(provider, wire));

  /** The target with only those wires of its provider that are not known to be absent. */
  const withoutAbsent = (target: Target): Target => {
    const { provider } = target;
    const speaks = left(provider);
    if (speaks.length === 0 || speaks.length === Object.keys(provider.speaks).length) return target;
    return { ...target, provider: { ...provider, speaks: Object.fromEntries(speaks) } };
  };
  /** The failure, if it shows that the provider lacks the wire and there is another one to try. */
  const absence = ({ provider, model }: Target, wire: WireName, { done, failure }: Result): Failure | undefined => {
    if (done === true || failure === undefined || session.options.fixedWires === true) return undefined;
    const isUnpaid = provider.row.paidByUse === wire && failure.kind === "out-of-quota";
    if (!isUnpaid && (hasAll(provider, wire) || !isMissing(failure))) return undefined;
    const place = placeOf(provider, wire);
    if (session.addresses.has(place)) {
      // The address has understood a request before: the wire is there, unless another server has taken that one's place.
      if (transient.has(failure.kind) || speaksOfModel(failure) || !forgetAbsent(provider)) return undefined;
      // Nor is it known to be there to the requests that are under way.
      session.addresses.delete(place);
    }
    const served = wiresOf(provider.row, model);
    return left(provider).some(([other]) => other !== wire && (!isUnpaid || served.includes(other as WireName))) ? failure : undefined;
  };
  /** Whether any wire was held to be absent: which of them are is to be found out anew. */
  const forgetAbsent = (provider: Provider): boolean => {
    const places = Object.keys(provider.speaks).map((wire) => placeOf(provider, wire as WireName));
    return places.filter((place) => session.absentWires.delete(place)).length > 0;
  };
  const settled = (provider: Provider, wire: WireName, result: Result): Result => {
    const others = found.filter((one) => one.provider === provider.id);
    if (others.length === 0) return result;
    if (result.done !== true && isMissing(result.failure)) {
      const message = [...others.map((one) => one.message), result.failure.message].join("; ");
      return { ...result, failure: { ...result.failure, message } };
    }
    // A gateway whose server is being started has no address, then no server: neither says what that one speaks.
    if (session.addresses.has(placeOf(provider, wire))) for (const other of others) session.absentWires.add(placeOf(provider, other.wire));
    return result;
  };

  return async (attempt) => {
    const { target } = attempt;
    const { provider } = target;
    for (;;) {
      const asked = session.secrets.of(provider);
      const choice = wireFor(exchange, attempt, withoutAbsent(target));
      const { wire } = choice;
      // This attempt's beats, until it has something better to send.
      exchange.keepAlive.onBeat(() => beat(exchange));
      const result = await (choice.native ? relay : translate)(exchange, { ...attempt, ...choice, quirks: quirksOn(attempt, wire) });
      const made = { asked, wire, sent: result.sent ?? (choice.obstacle === undefined ? "translated" : "rewritten") } as const;
      if (exchange.downstream.gone.aborted) return { ...made, result };
      const failure = absence(target, wire, result);
      if (failure === undefined) return { ...made, result: settled(provider, wire, result) };
      found.push({ provider: provider.id, wire, message: failure.message });
      report({ type: "failed", target: targetName(target), failure });
      report({ type: "alternative", target: targetName(target), why: failure.message });
    }
  };
}

/**
 * At a cloud provider's own address the row is right about its wires, which is any where each customer has one. At another address a gateway or
 * another server answers.
 */
function hasAll({ row, speaks }: Provider, wire: WireName): boolean {
  const [written, own] = [speaks[wire], row.speaks[wire]];
  if (row.kind !== "cloud" || written === undefined || own === undefined) return false;
  return row.ownAddress === "customer" || originOf(written) === originOf(own);
}

const originOf = ({ baseUrl }: { readonly baseUrl: string }) => new URL(baseUrl).origin;
