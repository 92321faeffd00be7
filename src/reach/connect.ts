import type { Socket } from "node:net";
import type { TlsFiles } from "../route/target.ts";
import { Aborted, ConnectTimeout, ProxyTlsFailed } from "./errors.ts";
import type { Done, Pending } from "./first-connection.ts";
import { resumeAtEnd } from "./paused-parser.ts";
import { openTcp, portOf, type TcpOptions } from "./tcp.ts";
import { tlsOptions } from "./tls-options.ts";
import { openTunnel } from "./tunnel.ts";
import { buildConnector } from "./undici.ts";

export interface ConnectOptions extends TcpOptions {
  readonly tls?: TlsFiles | undefined;
  /** Milliseconds for everything up to a connection that can be written to: name, TCP, tunnel, TLS. */
  readonly timeout: number;
  /** The HTTP proxy that opens a tunnel to an https target. Plain requests go to a proxy as to any server, and name the whole URL. */
  readonly proxy?: URL | undefined;
  /** True while a new connection is handed to undici, which writes the waiting request on it in that call. */
  readonly handing: { now: boolean };
  /** Aborts each connection that is still being made. */
  readonly pending: Set<() => void>;
}

/** What follows once a connection is open: takes its socket, and gives the one that leads further. */
type Step = (socket: Socket, done: Done) => void;

/**
 * Opens connections for undici. The boundary is checked twice: on the addresses that the name resolves to, so that nothing at all is sent
 * outside, and on the connected socket's peer, before the first byte (of TLS, too), since that is where the bytes really go.
 */
export function createConnect(options: ConnectOptions): buildConnector.connector {
  const { proxy } = options;
  const secure = buildConnector({ timeout: 0, ...tlsOptions(options.tls) });
  const secureProxy = buildConnector({ timeout: 0 });

  return (target, callback) => {
    const steps: Step[] = [];
    if (proxy?.protocol === "https:") steps.push(sealProxy(secureProxy, proxy));
    if (proxy !== undefined) steps.push((socket, done) => openTunnel(proxy, socket, authorityOf(target), done));
    if (target.protocol === "https:") steps.push(seal(secure, target));

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
      if (socket === undefined) {
        current?.destroy();
        callback(error ?? new Error("no socket"), null);
      } else {
        resumeAtEnd(socket);
        options.handing.now = true;
        callback(null, socket);
        options.handing.now = false;
      }
    };
    const timer = setTimeout(() => finish(new ConnectTimeout()), options.timeout);
    const giveUp = () => finish(new Aborted());
    options.pending.add(giveUp);

    const goOn: Done = (error, socket) => {
      if (socket === undefined) return finish(error);
      current = socket;
      const step = steps.shift();
      if (step === undefined) finish(null, socket);
      else step(socket, goOn);
    };
    const first = proxy ?? target;
    current = openTcp(first.hostname, options.forwarded ?? portOf(first), options, goOn);
  };
}

/** TLS with the target. */
function seal(secure: buildConnector.connector, target: buildConnector.Options): Step {
  return (httpSocket, done) =>
    secure({ ...target, httpSocket }, (error, socket) => {
      // In TLS 1.3 a server refuses the client's certificate after the handshake. Behind that comes the end of the connection, which undici would tell.
      socket?.once("error", (refusal) => socket.destroy(refusal));
      done(error, socket ?? undefined);
    });
}

/** TLS with the HTTP proxy. */
function sealProxy(secure: buildConnector.connector, proxy: URL): Step {
  const { hostname, host, protocol } = proxy;
  return (httpSocket, done) =>
    secure({ hostname, host, protocol, port: String(portOf(proxy)), httpSocket }, (cause, socket) =>
      cause === null ? done(null, socket) : done(new ProxyTlsFailed("", { cause })),
    );
}

/** A target as a proxy is told of it. undici takes the brackets off an IPv6 address. */
function authorityOf(target: buildConnector.Options): string {
  const name = target.hostname.includes(":") ? `[${target.hostname}]` : target.hostname;
  return `${name}:${portOf(target)}`;
}
