import { type Failure, type FailureKind, withAdvice } from "../model/failure.ts";
import { addressFrom, addressSetting } from "../route/address-source.ts";
import type { Provider } from "../route/target.ts";
import { Aborted, ConnectTimeout, IdleTimeout, ProxyTlsFailed, TunnelBroken, TunnelRefused, UnusableProxy } from "./errors.ts";
import type { HttpProxy } from "./http-proxy.ts";
import { OutsideBoundary } from "./outside.ts";

/** Where an error came up. */
interface Circumstance {
  readonly provider: Provider;
  readonly url: URL;
  /** Milliseconds since the request was given to the way. */
  readonly elapsed: number;
  /** An answer had begun. */
  readonly answering: boolean;
  /** Its server has answered in HTTP before. */
  readonly spoke?: boolean | undefined;
  /** Where the connection goes in the place of the target. */
  readonly proxy?: HttpProxy | undefined;
}

/** Explains what goes wrong with a request that begins now. */
export function explainFrom(circumstance: Omit<Circumstance, "elapsed" | "answering">): (error: unknown, answering: boolean) => Failure {
  // Before a client starts nothing else asks for `performance`, which Node would load.
  const began = process.uptime();
  return (error, answering) => explain(error, { ...circumstance, elapsed: 1000 * (process.uptime() - began), answering });
}

/** What the network did, for a person: what was tried, where that address was written, what happened, what to do. */
export function explain(error: unknown, circumstance: Circumstance): Failure {
  const { provider, url, elapsed, answering } = circumstance;
  const place = `${url.origin} (provider ${provider.id}, ${addressFrom(provider)})`;
  const after = `after ${seconds(elapsed)}`;
  const told = (kind: FailureKind, what: string, advice?: string): Failure => ({
    origin: "provider",
    provider: provider.id,
    kind,
    ...(advice === undefined ? { message: what } : withAdvice(what, advice)),
  });

  if (error instanceof Aborted) return { kind: "cut-off", message: "The request was given up.", origin: "client" };
  if (error instanceof OutsideBoundary) {
    const where = error.address === undefined || error.address === error.host ? error.host : `${error.host} (${error.address})`;
    const what = `${where} is outside the boundary (${error.rule}): nothing was sent to provider ${provider.id}, ${addressFrom(provider)}.`;
    return { ...told("refused-by-policy", what), origin: "fcc" };
  }
  if (error instanceof UnusableProxy) {
    const what = `nothing was sent to ${place}: ${error.message}`;
    return { ...told("unreachable", what, "Name an HTTP proxy there, or the host in NO_PROXY."), origin: "fcc" };
  }
  if (error instanceof IdleTimeout) {
    const [kind, what, setting] = answering
      ? (["cut-off", "sent nothing more", "idle"] as const)
      : (["timed-out", "has not answered", "firstByte"] as const);
    const advice = `If it needs longer, set providers.${provider.id}.timeout.${setting}.`;
    return told(kind, `${place} ${what} for ${seconds(error.limit)}.`, advice);
  }
  // undici's parser is WebAssembly, for which Node reserves some 10 GB of addresses (nodejs/node#56596).
  if (error instanceof RangeError && /\bWasm memory\b/i.test(error.message)) {
    const what = `nothing was sent to ${place}: a limit (\`ulimit -v\`) leaves Node ${process.versions.node} no addresses for its HTTP parser.`;
    return { ...told("refused-by-policy", what, "Set NODE_OPTIONS=--disable-wasm-trap-handler, or use Node 24."), origin: "fcc" };
  }
  const code = codeOf(error);
  if (code === "EMFILE" || code === "ENFILE") {
    const whose = code === "EMFILE" ? "this program" : "this machine";
    const what = `no connection to ${place} could be opened: ${whose} has too many files open (${code}).`;
    return { ...told("unreachable", what, "Close what is not needed, or raise the limit (`ulimit -n`)."), origin: "fcc" };
  }
  // Agents that go by words try again after a "connection closed", as after the error that a cut connection is to them.
  if (answering) return told("cut-off", `${place}: connection closed in the middle of its answer (${code}).`);

  const reason = unreachable(error, code, after, circumstance);
  if (reason !== undefined) {
    const [what, advice] = reason;
    return told("unreachable", `nothing answers at ${place}: ${what}.`, advice);
  }
  // undici names no code of the parser's: it may be a header alone that is none.
  if (code === "HTTPParserError")
    return told("cut-off", `${place}: what answers there does not speak HTTP (${code}).`, `Set ${addressSetting(provider)}.`);
  return told("cut-off", `${place} closed the connection without an answer ${after} (${code}).`, adviceIfClosed(circumstance));
}

type Reason = readonly [what: string, advice: string];

/** Why there is nothing to speak with, and what to do about it; undefined: something took the connection. */
function unreachable(error: unknown, code: string, after: string, { provider, url, proxy }: Circumstance): Reason | undefined {
  const setBaseUrl = `set ${addressSetting(provider)}`;
  if (proxy?.url !== undefined) {
    const what = atProxy(error, code, after, proxy.url);
    if (what !== undefined)
      return [`the HTTP proxy ${proxy.url.host} (${proxy.variable}) ${what}`, `Check ${proxy.variable}, or name the host in NO_PROXY.`];
  }
  if (error instanceof ConnectTimeout) return [`no connection ${after}`, adviceFor(provider, setBaseUrl)];
  if (code === "ECONNREFUSED") return [`connection refused ${after}`, adviceFor(provider, setBaseUrl)];
  if (names.has(code)) return [`the name ${url.hostname} is not known (${code})`, `Check the network's DNS, or ${setBaseUrl}.`];
  if (routes.has(code)) return [`there is no way to it (${code})`, `Check the network, or ${setBaseUrl}.`];
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER" || /wrong version number|packet length too long/i.test(messageOf(error)))
    return ["it does not speak TLS", `Is it http:// rather than https://? Set ${addressSetting(provider)}.`];
  if (aboutClient.test(code)) {
    const files = `providers.${provider.id}.tls`;
    if (provider.tls?.cert !== undefined) return [`it does not accept the client's certificate (${code})`, `Check ${files}.cert.`];
    return [`it wants a certificate of the client's (${code})`, `Name one in ${files}.cert, and its key in ${files}.key.`];
  }
  const fault = faults.find(([said]) => said.test(code));
  return fault && [`${fault[1]} (${code})`, fault[2](provider, setBaseUrl)];
}

/** What to do where nothing answers. */
function adviceFor({ via, row }: Provider, setBaseUrl: string): string {
  if (via !== undefined) return `Check what \`${via.command[0]}\` leads to (${via.source}).`;
  if (row.kind === "cloud") return `Check the network, or ${setBaseUrl}.`;
  return row.start === undefined ? `Start it, or ${setBaseUrl}.` : `Start it with \`${row.start}\`, or ${setBaseUrl}.`;
}

/** What to do where a connection is taken and closed at once. */
function adviceIfClosed({ provider, url, elapsed, proxy, spoke }: Circumstance): string | undefined {
  if (elapsed >= 1000 || proxy !== undefined) return undefined;
  // ssh and kubectl take a connection before they know whether anything listens at its other end.
  if (provider.via !== undefined) return adviceFor(provider, "");
  // As uvicorn and llama-server do, where they are asked in plain what they take in TLS alone; a server that spoke has crashed.
  return url.protocol === "http:" && spoke !== true ? `Is it https:// rather than http://? Set ${addressSetting(provider)}.` : undefined;
}

/** What went wrong on the way to the HTTP proxy, or was refused by it; nothing of that is the target's. */
function atProxy(error: unknown, code: string, after: string, { hostname }: URL): string | undefined {
  if (error instanceof TunnelRefused) return `answered ${error.status}`;
  if (error instanceof TunnelBroken) return `opened no tunnel (${codeOf(error.cause)})`;
  if (error instanceof ProxyTlsFailed) return `failed in TLS (${codeOf(error.cause)})`;
  if (error instanceof ConnectTimeout) return `made no connection ${after}`;
  if (code === "ECONNREFUSED") return `refused the connection ${after}`;
  if (names.has(code)) return `is not known by its name ${hostname} (${code})`;
  return routes.has(code) ? `cannot be reached (${code})` : undefined;
}

const names = new Set(["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "EAI_NODATA", "EAI_NONAME", "ENODATA", "ESERVFAIL"]);
const routes = new Set(["EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN", "ENETDOWN", "EADDRNOTAVAIL", "ETIMEDOUT", "EACCES", "EPERM"]);
/** Alerts are the server's: these are about the certificate that it was shown, or was not. */
const aboutClient = /_ALERT_\w*(?:CERTIFICATE|UNKNOWN_CA)/;
/** What is wrong with the target's TLS or HTTP, by the error's code, and what to do about it: the first row counts. */
const faults: readonly (readonly [code: RegExp, what: string, advice: (provider: Provider, setBaseUrl: string) => string])[] = [
  // Of RFC 7301: none of the protocols that it was offered is one of its own.
  [
    /^ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL$/,
    "it takes HTTP/2 alone, and is asked by HTTP/1.1",
    (_, set) => `Have it take HTTP/1.1 too, or ${set}.`,
  ],
  // What naming an authority does not mend.
  [/^CERT_HAS_EXPIRED$/, "its TLS certificate has expired", () => "It has to be renewed there, or this machine's clock is wrong."],
  [/^CERT_NOT_YET_VALID$/, "its TLS certificate is not valid yet", () => "Check this machine's clock."],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    "its TLS certificate is for another name",
    (provider) => `Name that in ${addressSetting(provider)}, or in providers.${provider.id}.tls.serverName.`,
  ],
  [
    /CERT|^UNABLE_TO|^DEPTH_ZERO|^SELF_SIGNED|^HOSTNAME_MISMATCH|^INVALID_CA|ALTNAME/,
    "its TLS certificate is not accepted",
    ({ id }) => `Name its authority in providers.${id}.tls.ca, or in NODE_EXTRA_CA_CERTS.`,
  ],
  [/^(?:ERR_SSL|ERR_TLS|EPROTO)/, "TLS failed", ({ id }, set) => `Check providers.${id}.tls, or ${set}.`],
  [/^HPE_/, "what answers there does not speak HTTP", (provider) => `Set ${addressSetting(provider)}.`],
];

function codeOf(error: unknown): string {
  // With several addresses Node gives one error for each; they nearly always agree.
  const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  const code = (first as { code?: unknown } | undefined)?.code;
  if (typeof code === "string") return code;
  return first instanceof Error ? first.name : "unknown";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "";
}

/** "0.1 s", "10 s". */
function seconds(milliseconds: number): string {
  const value = milliseconds / 1000;
  return value >= 10 ? `${Math.round(value)} s` : `${Math.max(0.1, Math.round(value * 10) / 10)} s`;
}
