import { lookup as systemLookup } from "node:dns";
import { connect as connectTcp, type LookupFunction, type Socket } from "node:net";
import type { Boundary, TlsFiles } from "../route/target.ts";
import { admits, loopbackAddress } from "./boundary.ts";
import { OutsideBoundary } from "./outside.ts";
import { resumeAtEnd } from "./paused-parser.ts";
import { buildConnector, Client, connect } from "./undici.ts";

export interface ConnectOptions {
  readonly boundary: Boundary;
  readonly lookup?: LookupFunction;
  readonly tls?: TlsFiles;
  /** Milliseconds for everything up to a connection that can be written to: name, TCP, tunnel, TLS. */
  readonly timeout: number;
  /** Connections go to this HTTP proxy: as a tunnel for https, and as they are for http, whose requests name the whole URL. */
  readonly proxy?: URL;
  /** Connections go to this port of this machine, which a command forwards to the target. */
  readonly forwarded?: number;
  /** Called for each connection that is opened. */
  readonly opened: () => void;
}

export class ConnectTimeout extends Error {}

/** The HTTP proxy did not open a tunnel. */
export class TunnelRefused extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`the HTTP proxy answered ${status}`);
    this.status = status;
  }
}

type Done = (error: Error | null, socket?: Socket) => void;

/**
 * Opens connections for undici. The boundary is checked twice: on what the name resolves to, so that nothing is sent outside at all,
 * and on the socket's own peer once it is connected and before the first byte (of TLS too), since only that cannot lie.
 */
export function createConnect(options: ConnectOptions): buildConnector.connector {
  const { tls, proxy } = options;
  const secure = buildConnector({
    timeout: 0,
    ...(tls?.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls?.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls?.key === undefined ? {} : { key: tls.key }),
    ...(tls?.serverName === undefined ? {} : { servername: tls.serverName }),
  });
  const secureProxy = buildConnector({ timeout: 0 });

  return (target, callback) => {
    let current: Socket | undefined;
    let over = false;
    const finish: Done = (error, socket) => {
      if (over) {
        socket?.destroy();
        return;
      }
      over = true;
      clearTimeout(timer);
      if (error === null && socket !== undefined) {
        options.opened();
        resumeAtEnd(socket);
        callback(null, socket);
      } else {
        current?.destroy();
        callback(error ?? new Error("no socket"), null);
      }
    };
    const timer = setTimeout(() => finish(new ConnectTimeout()), options.timeout);

    const https = target.protocol === "https:";
    const port = Number(target.port === "" ? (https ? 443 : 80) : target.port);
    // For http the agent's origin is the proxy itself, so the target is the proxy already.
    const [host, hostPort] = https && proxy !== undefined ? [proxy.hostname, portOf(proxy)] : [target.hostname, port];
    openTcp(host, options.forwarded ?? hostPort, options, (error, socket) => {
      current = socket;
      if (error !== null || socket === undefined) return finish(error);
      const upgrade = (raw: Socket) => {
        if (!https) return finish(null, raw);
        secure({ ...target, httpSocket: raw } as buildConnector.Options, (problem, sealed) => finish(problem, sealed ?? undefined));
      };
      if (!https || proxy === undefined) return upgrade(socket);
      const tunnel = (toProxy: Socket) => {
        current = toProxy;
        openTunnel(proxy, toProxy, `${target.hostname}:${port}`, (problem, raw) => {
          if (problem !== null || raw === undefined) return finish(problem);
          current = raw;
          upgrade(raw);
        });
      };
      if (proxy.protocol !== "https:") return tunnel(socket);
      const toProxy = {
        hostname: proxy.hostname,
        protocol: "https:",
        port: String(hostPort),
        servername: proxy.hostname,
        httpSocket: socket,
      };
      secureProxy(toProxy as buildConnector.Options, (problem, sealed) => (sealed === null ? finish(problem) : tunnel(sealed as Socket)));
    });
  };
}

export function portOf(url: URL): number {
  return Number(url.port === "" ? (url.protocol === "https:" ? 443 : 80) : url.port);
}

function openTcp(host: string, port: number, { boundary, lookup, forwarded }: ConnectOptions, done: Done): void {
  const bare = host.replace(/^\[|\]$/g, "");
  const here = forwarded === undefined ? undefined : loopbackAddress;
  const before = admits(boundary, bare, here);
  if (before.verdict === "refused") {
    done(new OutsideBoundary(bare, undefined, before.rule));
    return;
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
    const verdict = admits(boundary, bare, address);
    if (address === undefined || verdict.verdict === "refused") {
      socket.destroy();
      done(new OutsideBoundary(bare, address, verdict.verdict === "refused" ? verdict.rule : "the peer's address is not known"));
      return;
    }
    socket.removeAllListeners("error");
    socket.on("error", () => {});
    done(null, socket);
  });
}

/** Leaves out the addresses outside the boundary, so that not even a connection is opened there. */
function lookupInside(boundary: Boundary, lookup: LookupFunction): LookupFunction {
  return (name, options, callback) =>
    lookup(name, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, found);
      const all = Array.isArray(found) ? found : [{ address: found, family: found.includes(":") ? 6 : 4 }];
      const inside = all.filter(({ address }) => admits(boundary, name, address).verdict !== "refused");
      const first = inside[0];
      if (first === undefined) {
        const verdict = admits(boundary, name, all[0]?.address);
        const rule = verdict.verdict === "refused" ? verdict.rule : "its name has no address";
        return callback(new OutsideBoundary(name, all[0]?.address, rule), []);
      }
      if (options.all === true) return callback(null, inside);
      callback(null, first.address, first.family);
    });
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

/** RFC 7617, from the user part of the proxy's URL. */
export function proxyAuthorization(proxy: URL): Record<string, string> {
  if (proxy.username === "") return {};
  const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(pair).toString("base64")}` };
}
