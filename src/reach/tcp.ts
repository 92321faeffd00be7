import { ADDRCONFIG, lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import type { Boundary } from "../route/target.ts";
import { ruleAgainst } from "./boundary.ts";
import { connectToFirst, type Done, type Pending } from "./first-connection.ts";
import { loopbackAddress } from "./loopback.ts";
import { insideOf, OutsideBoundary } from "./outside.ts";

export interface TcpOptions {
  readonly boundary: Boundary;
  readonly lookup?: LookupFunction | undefined;
  /** Connections go to this port of this machine, which a command forwards to the target. */
  readonly forwarded?: number | undefined;
}

/** The port that a URL means. */
export function portOf(url: Pick<URL, "protocol" | "port">): number {
  return Number(url.port || (url.protocol === "https:" ? 443 : 80));
}

/** The boundary is checked on what the name resolves to, and on the socket's own peer once it is connected: only that cannot lie. */
export function openTcp(host: string, port: number, { boundary, lookup = systemLookup, forwarded }: TcpOptions, done: Done): Pending {
  const bare = host.replace(/^\[|\]$/g, "");
  const here = forwarded === undefined ? undefined : loopbackAddress;
  let over = false;
  let connecting: Pending | undefined;
  const connectTo = (addresses: readonly string[]) => {
    connecting = connectToFirst(addresses, port, (error, socket) => {
      if (socket === undefined) return done(error);
      const address = socket.remoteAddress;
      const rule = address === undefined ? "the peer's address is not known" : ruleAgainst(boundary, bare, address);
      if (rule === undefined) return done(null, socket);
      socket.destroy();
      done(new OutsideBoundary(bare, address, rule));
    });
  };
  const fail = (error: Error) => process.nextTick(() => over || done(error));
  const before = ruleAgainst(boundary, bare, here);
  if (before !== undefined) fail(new OutsideBoundary(bare, undefined, before));
  else if (isIP(here ?? bare) !== 0) connectTo([here ?? bare]);
  else
    lookup(bare, { all: true, hints }, (error, found) => {
      if (over) return;
      if (error !== null) return fail(error);
      const all = Array.isArray(found) ? found.map(({ address }) => address) : [found];
      // Not even a connection is opened outside.
      const inside = insideOf(boundary, bare, all);
      if (inside instanceof OutsideBoundary) fail(inside);
      else connectTo(inside);
    });
  return {
    destroy() {
      over = true;
      connecting?.destroy();
    },
  };
}

/** As Node looks names up that it connects to: no addresses of a family that this machine has none of. */
const hints = process.platform === "win32" ? 0 : ADDRCONFIG;
