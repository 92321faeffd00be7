import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Failure } from "../../model/failure.ts";

/** A request that is refused before its endpoint is known, with HTTP's own status for that on every wire. */
export interface Refusal {
  readonly status: number;
  readonly failure: Failure;
  readonly headers?: Readonly<Record<string, string>>;
}

export const refuse = (status: number, kind: Failure["kind"], message: string, headers?: Refusal["headers"]): Refusal => ({
  status,
  failure: { kind, message, origin: "client" },
  ...(headers === undefined ? {} : { headers }),
});

/**
 * A page in the user's browser can send requests to any port of this machine: with its own Origin, or to a host name of its own that
 * resolves to 127.0.0.1 (DNS rebinding). Both are refused, and no CORS header is ever sent.
 */
export function refuseBrowsers(headers: IncomingHttpHeaders, hosts: readonly string[]): Refusal | undefined {
  if (headers.origin !== undefined)
    return refuse(403, "forbidden", "Requests with an Origin are refused: fcc serves programs of this machine, not pages.");
  return hosts.every(isLoopback) ? undefined : refuse(403, "forbidden", "The Host of this request is not a loopback address.");
}

function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/:\d+$/, "");
  return name === "localhost" || name === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(name);
}

/** The launch's token, as `Authorization: Bearer` or `x-api-key`, compared in constant time. */
export function refuseStrangers(headers: IncomingHttpHeaders, token: string): Refusal | undefined {
  const bearer = /^bearer\s+(.+)$/i.exec(headers.authorization ?? "")?.[1];
  const apiKey = headers["x-api-key"];
  const given = [bearer, ...(Array.isArray(apiKey) ? apiKey : [apiKey])];
  if (given.some((value) => value !== undefined && isSame(value.trim(), token))) return undefined;
  // Claude Code would retry for three minutes, with the same token.
  return refuse(401, "unauthorized", "This proxy answers only the launch that it belongs to: the token is missing or wrong.", {
    "x-should-retry": "false",
  });
}

function isSame(given: string, token: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
