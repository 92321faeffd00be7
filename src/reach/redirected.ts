import type { Failure } from "../model/failure.ts";
import type { Headers } from "../model/wire.ts";
import { addressFrom, addressSetting } from "../route/address-source.ts";
import type { Provider } from "../route/target.ts";

/** An answer that sends the request elsewhere: to another origin it would take the key along, and past the boundary. */
export function redirected(provider: Provider, url: string, status: number, headers: Headers): Failure | undefined {
  if (status < 300 || status > 399) return undefined;
  const to = headers["location"] === undefined ? "elsewhere" : withoutQuery(headers["location"], url);
  const message = `${url} (provider ${provider.id}, ${addressFrom(provider)}) redirects to ${to} (${status}). Redirects are not followed: set ${addressSetting(provider)}.`;
  return { kind: "refused-by-policy", origin: "fcc", message, status, provider: provider.id };
}

/** An address for a message: what follows `?` may be a secret. */
function withoutQuery(location: string, base: string): string {
  if (!URL.canParse(location, base)) return "an address that cannot be read";
  const url = new URL(location, base);
  return `${url.origin}${url.pathname}`;
}
