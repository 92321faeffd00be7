import type { Row } from "../../providers/row.ts";

/**
 * The address in a variable that, like OLLAMA_HOST, may also tell the server what to bind to: `0.0.0.0`, `:8080`, `gpu-box`, `[::]:11434`,
 * `http://gpu-box`. All interfaces mean this machine. A missing port is the row's, or the scheme's where a scheme is written, as Ollama reads it.
 * Undefined where it is not an address.
 */
export function addressOfBind(written: string, row: Row): string | undefined {
  const text = written.trim().replace(/^["']|["']$/g, "");
  if (text === "" || /\s/.test(text)) return undefined;
  const scheme = /^(https?):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined && text.includes("://")) return undefined;
  const rest = scheme === undefined ? text : text.slice(scheme.length + 3);
  const slash = rest.indexOf("/");
  const [authority, path] = slash < 0 ? [rest, ""] : [rest.slice(0, slash), rest.slice(slash)];
  const parts = splitPort(authority);
  const own = Object.values(row.speaks)[0]?.baseUrl;
  const port = parts.port || (scheme === undefined && row.kind === "local" && own !== undefined ? new URL(own).port : "");
  const host = reachable(parts.host);
  const address = `${scheme ?? (row.kind === "local" || isThisMachine.test(host) ? "http" : "https")}://${host}${port && `:${port}`}${path}`;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return url.username === "" && url.password === "" && url.search === "" && url.hash === "" ? address.replace(/\/+$/, "") : undefined;
}

/** A server on it that stands in for a provider in the cloud hardly ever has a certificate. */
const isThisMachine = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/i;

function splitPort(authority: string): { host: string; port: string } {
  const bracketed = /^(\[[^\]]*\])(?::(\d*))?$/.exec(authority);
  if (bracketed) return { host: bracketed[1] ?? "", port: bracketed[2] ?? "" };
  if ((authority.match(/:/g) ?? []).length > 1) return { host: `[${authority}]`, port: "" };
  const [host = "", port = ""] = authority.split(":");
  return { host, port };
}

function reachable(host: string): string {
  if (host === "" || host === "0.0.0.0" || host === "*") return "127.0.0.1";
  return host === "[::]" || host === "[0:0:0:0:0:0:0:0]" ? "[::1]" : host;
}
