import type { Provider } from "./target.ts";

/** All that must never be shown of a provider: its keys, and headers that are not the row's own. */
export function secretsIn({ keys, headers, row }: Pick<Provider, "keys" | "headers" | "row">): readonly string[] {
  return [...keys, ...Object.entries(headers).flatMap(([name, value]) => (row.headers?.[name] === value ? [] : [value]))];
}

/** Servers repeat in their errors what they were sent, sometimes shortened; whole secrets are taken out here, by what they are. */
export function withoutSecrets(message: string, secrets: readonly string[]): string {
  // The longest first, so that no secret hides a part of another. A short one would mask ordinary words.
  const known = secrets.filter((secret) => secret.length >= shortest).flatMap(formsOf);
  const longestFirst = known.toSorted((one, other) => other.length - one.length);
  return longestFirst.reduce((text, form) => (form.length >= shortest ? text.replaceAll(form, "[redacted]") : text), message);
}

const shortest = 6;

/** The same in every text of a value, in names of fields too. Numbers stay what they are. */
export function withoutSecretsIn(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === "string") return clean(value);
  if (Array.isArray(value)) return value.map((item) => withoutSecretsIn(item, clean));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [clean(name), withoutSecretsIn(inner, clean)]));
}

/**
 * A secret as it may be repeated: a bearer without its scheme, in an address, inside JSON that stands in a text (PHP escapes slashes too), in
 * base64 as a password is sent.
 */
function formsOf(secret: string): readonly string[] {
  const bare = secret.replace(/^\w+ /, "");
  const inJson = JSON.stringify(bare).slice(1, -1);
  const base64 = Buffer.from(bare).toString("base64").replace(/=+$/, "");
  const inUrl = encodeURIComponent(bare.toWellFormed());
  const others = [inUrl, inJson, inJson.replaceAll("/", "\\/"), base64, base64.replaceAll("+", "-").replaceAll("/", "_")];
  return [...new Set([secret, bare, ...others])];
}
