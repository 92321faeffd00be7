import { connect, isIP, type Socket } from "node:net";

export type Done = (error: Error | null, socket?: Socket) => void;

/** What is being made, until it is given up: its `Done` hears nothing more. */
export interface Pending {
  destroy(): void;
}

/** Milliseconds until the next address is tried beside the ones before it (RFC 8305 5). */
const headStart = 250;

/**
 * A connection to the first of a host's addresses that takes one. Each gets a head start before the next, and none is given up for being slow:
 * Node's own way ends each but the last after those 250 ms, less than a far provider takes, and fails where the last is IPv6 without a way
 * (nodejs/node#54359).
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
      // One that is connected, or was given up, is no longer here.
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

/** The two families by turns, beginning with the first address's (RFC 8305 4). */
function byTurns(addresses: readonly string[]): string[] {
  const [first = ""] = addresses;
  const isLike = (address: string) => isIP(address) === isIP(first);
  const others = addresses.filter((address) => !isLike(address));
  const turns = addresses.filter(isLike).flatMap((address) => [address, ...others.splice(0, 1)]);
  return [...turns, ...others];
}
