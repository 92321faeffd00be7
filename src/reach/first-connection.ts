import { connect, isIP, type Socket } from "node:net";

export type Done = (error: Error | null, socket?: Socket) => void;

/** A connection that is being made. Once destroyed, its `Done` is not called any more. */
export interface Pending {
  destroy(): void;
}

/** Milliseconds until the next address is tried beside the ones before it (RFC 8305 5). */
const headStart = 250;

/**
 * Connects to the first of a host's addresses that accepts. Each gets a head start before the next one, and none is abandoned for being slow.
 * Node's own implementation (autoSelectFamily) abandons each but the last after 250 ms, less than a distant provider needs, and fails where the
 * last is an IPv6 address without a route (nodejs/node#54359).
 */
export function connectToFirst(addresses: readonly string[], port: number, done: Done): Pending {
  const waiting = byTurns(addresses);
  const trying = new Set<Socket>();
  const errors: Error[] = [];
  let timer: NodeJS.Timeout | undefined;
  const destroy = () => {
    clearTimeout(timer);
    for (const socket of trying) socket.destroy();
    trying.clear();
  };
  const tryNext = () => {
    clearTimeout(timer);
    const host = waiting.shift();
    if (host === undefined) return;
    const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 });
    trying.add(socket);
    socket.on("error", (error) => {
      // Connected or abandoned already.
      if (!trying.delete(socket)) return;
      errors.push(error);
      if (waiting.length > 0) tryNext();
      else if (trying.size === 0) done(errors.length === 1 ? error : new AggregateError(errors));
    });
    socket.once("connect", () => {
      trying.delete(socket);
      destroy();
      done(null, socket);
    });
    if (waiting.length > 0) timer = setTimeout(tryNext, headStart);
  };
  tryNext();
  return { destroy };
}

/** IPv4 and IPv6 addresses alternately, beginning with the family of the first one (RFC 8305 4). */
function byTurns(addresses: readonly string[]): string[] {
  const [first = ""] = addresses;
  const isLike = (address: string) => isIP(address) === isIP(first);
  const others = addresses.filter((address) => !isLike(address));
  const turns = addresses.filter(isLike).flatMap((address) => [address, ...others.splice(0, 1)]);
  return [...turns, ...others];
}
