import { lookup as systemLookup } from "node:dns";
import { connect as connectTcp, type LookupFunction, type Socket } from "node:net";
import type { Boundary } from "../route/target.ts";
import { loopbackAddress, ruleAgainst } from "./boundary.ts";
import { OutsideBoundary } from "./outside.ts";

export interface TcpOptions {
  readonly boundary: Boundary;
  readonly lookup?: LookupFunction;
  /** Connections go to this port of this machine, which a command forwards to the target. */
  readonly forwarded?: number;
}

export type Done = (error: Error | null, socket?: Socket) => void;

/** The port that a URL means. */
export function portOf(url: Pick<URL, "protocol" | "port">): number {
  return Number(url.port || (url.protocol === "https:" ? 443 : 80));
}

/**
 * The boundary is checked on what the name resolves to, and on the socket's own peer once it is connected: only that cannot lie. A
 * socket that is destroyed before it is connected is given up: `done` hears nothing more.
 */
export function openTcp(host: string, port: number, { boundary, lookup, forwarded }: TcpOptions, done: Done): Socket | undefined {
  const bare = host.replace(/^\[|\]$/g, "");
  const here = forwarded === undefined ? undefined : loopbackAddress;
  const before = ruleAgainst(boundary, bare, here);
  if (before !== undefined) {
    process.nextTick(done, new OutsideBoundary(bare, undefined, before));
    return undefined;
  }
  const socket = connectTcp({
    host: here ?? bare,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
    autoSelectFamily: true,
    lookup: boundary.length === 0 ? (lookup ?? systemLookup) : lookupInside(boundary, lookup ?? systemLookup),
  });
  socket.once("error", (error) => done(error));
  socket.once("connect", () => {
    const address = socket.remoteAddress;
    const rule = address === undefined ? "the peer's address is not known" : ruleAgainst(boundary, bare, address);
    if (rule !== undefined) {
      socket.destroy();
      done(new OutsideBoundary(bare, address, rule));
      return;
    }
    socket.removeAllListeners("error");
    socket.on("error", () => {});
    done(null, socket);
  });
  return socket;
}

/** Leaves out the addresses outside the boundary, so that not even a connection is opened there. */
function lookupInside(boundary: Boundary, lookup: LookupFunction): LookupFunction {
  return (name, options, callback) =>
    lookup(name, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, found);
      const all = Array.isArray(found) ? found : [{ address: found, family: found.includes(":") ? 6 : 4 }];
      const inside = all.filter(({ address }) => ruleAgainst(boundary, name, address) === undefined);
      const first = inside[0];
      if (first === undefined) {
        const rule = ruleAgainst(boundary, name, all[0]?.address) ?? "its name has no address";
        return callback(new OutsideBoundary(name, all[0]?.address, rule), []);
      }
      if (options.all === true) return callback(null, inside);
      callback(null, first.address, first.family);
    });
}
