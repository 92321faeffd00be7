import type { Provider } from "./target.ts";

/** All that must never be shown of a provider: its keys, and headers that are not the row's own. */
export function secretsIn({ keys, headers, row }: Pick<Provider, "keys" | "headers" | "row">): readonly string[] {
  return [...keys, ...Object.entries(headers).flatMap(([name, value]) => (row.headers?.[name] === value ? [] : [value]))];
}

/** Servers repeat in their errors what they were sent, sometimes shortened; whole secrets are taken out here, by what they are. */
export function withoutSecrets(message: string, secrets: readonly string[]): string {
  // A bearer is often written with its scheme in front.
  const forms = secrets.flatMap((secret) => [secret, secret.replace(/^\w+ /, "")]);
  return forms.reduce((text, secret) => (secret.length >= 6 ? text.replaceAll(secret, "[redacted]") : text), message);
}
