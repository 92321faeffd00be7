import type { Provider } from "./target.ts";

/** All that must never be shown of a provider: its keys, and headers that are not the row's own. */
export function secretsIn({ keys, headers, row }: Pick<Provider, "keys" | "headers" | "row">): readonly string[] {
  return [...keys, ...Object.entries(headers).flatMap(([name, value]) => (row.headers?.[name] === value ? [] : [value]))];
}

/**
 * Servers repeat in their errors what they were sent, sometimes shortened; whole secrets are taken out here, by what they are. What looks through
 * many texts keeps the function.
 */
export function maskOf(secrets: readonly string[]): (text: string) => string {
  // The longest first, so that no secret hides a part of another. A short one would mask ordinary words.
  const known = secrets.filter((secret) => secret.length >= shortest).flatMap(formsOf);
  const forms = [...new Set(known)].filter((form) => form.length >= shortest).sort((one, other) => other.length - one.length);
  return (text) => forms.reduce((rest, form) => rest.replaceAll(form, "[redacted]"), text);
}

export const withoutSecrets = (text: string, secrets: readonly string[]): string => maskOf(secrets)(text);

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
 * base64 as a password is sent, behind a name or not.
 */
function formsOf(secret: string): readonly string[] {
  const bare = secret.replace(/^\w+ /, "");
  const inJson = JSON.stringify(bare).slice(1, -1);
  const inUrl = encodeURIComponent(bare.toWellFormed());
  const inBase64 = [Buffer.from(bare).toString("base64").replace(/=+$/, ""), ...[0, 1, 2].map((bytes) => base64Behind(bytes, bare))];
  const inAddresses = inBase64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"));
  return [secret, bare, inUrl, inJson, inJson.replaceAll("/", "\\/"), ...inBase64, ...inAddresses];
}

/** What base64 makes of a text that stands so many bytes behind a multiple of three, without the letters that other bytes have a part in. */
function base64Behind(bytes: number, text: string): string {
  const whole = Buffer.concat([Buffer.alloc(bytes), Buffer.from(text)]);
  return whole.toString("base64").slice(Math.ceil((bytes * 8) / 6), Math.floor((whole.length * 8) / 6));
}
