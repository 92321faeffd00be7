import type { Socket } from "node:net";
import { unescape as decoded } from "node:querystring";
import { TunnelBroken, TunnelRefused } from "./errors.ts";
import type { Done } from "./first-connection.ts";
import { Client, connect } from "./undici.ts";

/** Asks an HTTP proxy, to which the socket leads, for a tunnel to `host:port` (RFC 9110 9.3.6). */
export function openTunnel(proxy: URL, socket: Socket, authority: string, done: Done): void {
  const client = new Client(proxy.origin, { connect: (_options, callback) => process.nextTick(callback, null, socket) });
  connect.call(client, { path: authority, headers: { host: authority, ...proxyAuthorization(proxy) } }).then(
    ({ statusCode, socket: raw }) => {
      if (statusCode === 200) return done(null, raw as Socket);
      raw.on("error", () => {}).destroy();
      done(new TunnelRefused(statusCode));
    },
    (cause: Error) => done(new TunnelBroken("", { cause })),
  );
}

/** RFC 7617, from the user and password in the proxy's URL. As in curl, a `%` that begins no escape is part of the password. */
export function proxyAuthorization(proxy: URL): Record<string, string> {
  if (proxy.username === "") return {};
  const pair = `${decoded(proxy.username)}:${decoded(proxy.password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(pair).toString("base64")}` };
}
