import type { Socket } from "node:net";
import { unescape as decoded } from "node:querystring";
import type { TlsFiles } from "../route/target.ts";
import { Aborted, ConnectTimeout, ProxyTlsFailed, TunnelRefused } from "./errors.ts";
import type { Done, Pending } from "./first-connection.ts";
import { resumeAtEnd } from "./paused-parser.ts";
import { openTcp, portOf, type TcpOptions } from "./tcp.ts";
import { tlsOptions } from "./tls-options.ts";
import { buildConnector, Client, connect } from "./undici.ts";

export interface ConnectOptions extends TcpOptions {
  readonly tls?: TlsFiles;
  /** Milliseconds for everything up to a connection that can be written to: name, TCP, tunnel, TLS. */
  readonly timeout: number;
  /** The HTTP proxy that opens a tunnel to an https target. Plain requests go to a proxy as to any server, and name the whole URL. */
  readonly proxy?: URL;
  /** True while a new connection is handed to undici, which writes the waiting request on it in that call. */
  readonly handing: { now: boolean };
  /** Aborts each connection that is still being made. */
  readonly pending: Set<() => void>;
}

/**
 * Opens connections for undici. The boundary is checked twice: on the addresses that the name resolves to, so that nothing at all is sent
 * outside, and on the connected socket's peer, before the first byte (of TLS, too), since that is where the bytes really go.
 */
export function createConnect(options: ConnectOptions): buildConnector.connector {
  const { proxy } = options;
  const secure = buildConnector({ timeout: 0, ...tlsOptions(options.tls) });
  const secureProxy = buildConnector({ timeout: 0 });

  return (target, callback) => {
    let current: Pending | undefined;
    let over = false;
    const finish: Done = (error, socket) => {
      if (over) {
        socket?.destroy();
        return;
      }
      over = true;
      clearTimeout(timer);
      options.pending.delete(giveUp);
      if (error === null && socket !== undefined) {
        resumeAtEnd(socket);
        options.handing.now = true;
        callback(null, socket);
        options.handing.now = false;
      } else {
        current?.destroy();
        callback(error ?? new Error("no socket"), null);
      }
    };
    const timer = setTimeout(() => finish(new ConnectTimeout()), options.timeout);
    const giveUp = () => finish(new Aborted());
    options.pending.add(giveUp);

    const https = target.protocol === "https:";
    const port = portOf(target);
    const [host, hostPort] = proxy !== undefined ? [proxy.hostname, portOf(proxy)] : [target.hostname, port];
    current = openTcp(host, options.forwarded ?? hostPort, options, (error, socket) => {
      if (error !== null || socket === undefined) return finish(error);
      current = socket;
      const upgrade = (raw: Socket) => {
        if (!https) return finish(null, raw);
        secure({ ...target, httpSocket: raw } as buildConnector.Options, (problem, sealed) => finish(problem, sealed ?? undefined));
      };
      if (proxy === undefined) return upgrade(socket);
      const tunnel = (toProxy: Socket) => {
        current = toProxy;
        // undici takes the brackets off an IPv6 address.
        const name = target.hostname.includes(":") ? `[${target.hostname}]` : target.hostname;
        openTunnel(proxy, toProxy, `${name}:${port}`, (problem, raw) => {
          if (problem !== null || raw === undefined) return finish(problem);
          current = raw;
          upgrade(raw);
        });
      };
      if (proxy.protocol !== "https:") return tunnel(socket);
      const toProxy = { hostname: proxy.hostname, host: proxy.host, protocol: "https:", port: String(hostPort), httpSocket: socket };
      secureProxy(toProxy, (cause, sealed) => (cause === null ? tunnel(sealed) : finish(new ProxyTlsFailed("", { cause }))));
    });
  };
}

function openTunnel(proxy: URL, socket: Socket, authority: string, done: Done): void {
  const client = new Client(proxy.origin, { connect: (_options, callback) => process.nextTick(callback, null, socket) });
  connect.call(client, { path: authority, headers: { host: authority, ...proxyAuthorization(proxy) } }).then(
    ({ statusCode, socket: raw }) => {
      if (statusCode === 200) return done(null, raw as Socket);
      raw.on("error", () => {}).destroy();
      done(new TunnelRefused(statusCode));
    },
    (error: Error) => done(error),
  );
}

/** RFC 7617, from the user and password in the proxy's URL. As in curl, a `%` that begins no escape is part of the password. */
export function proxyAuthorization(proxy: URL): Record<string, string> {
  if (proxy.username === "") return {};
  const pair = `${decoded(proxy.username)}:${decoded(proxy.password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(pair).toString("base64")}` };
}
