import { createPrivateKey, X509Certificate } from "node:crypto";
import type { TlsFiles } from "../../route/target.ts";
import { reason } from "../errors.ts";
import { readWithin } from "../files/read-within.ts";
import type { AssembledProvider } from "./assemble-provider.ts";

/** Bytes; every authority that systems know takes a quarter of one. */
const largest = 1024 * 1024;

/** The certificates and the key that a provider's `tls` names, read. */
export function readTls({ id, tls, tlsSource }: AssembledProvider): { files?: TlsFiles; faults: readonly string[] } {
  if (tls === undefined) return { faults: [] };
  const faults: string[] = [];
  const files: Partial<Record<"ca" | "cert" | "key", string>> = {};
  for (const part of ["ca", "cert", "key"] as const) {
    const path = tls[part];
    if (path === undefined) continue;
    try {
      const text = readWithin(path, largest);
      if (text.includes("-----BEGIN ")) files[part] = text;
      else faults.push(`providers.${id}.tls.${part}: ${path} is no PEM file (${tlsSource}).`);
    } catch (error) {
      faults.push(`providers.${id}.tls.${part}: ${path} cannot be read: ${reason(error)} (${tlsSource}).`);
    }
  }
  const fault = faults.length === 0 ? pairFault(files) : undefined;
  if (fault !== undefined) faults.push(`providers.${id}.tls: ${fault} (${tlsSource}).`);
  return { files: { ...files, ...(tls.serverName !== undefined && { serverName: tls.serverName }) }, faults };
}

/** What keeps a certificate of one's own from being shown: TLS itself finds it out with each connection, where nobody can catch it. */
function pairFault({ cert, key }: { readonly cert?: string; readonly key?: string }): string | undefined {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) return "cert and key are of use only together";
  if (/ENCRYPTED/.test(key)) return "the key is encrypted, and nobody is asked for its passphrase";
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)) ? undefined : "the key is not that of the certificate";
  } catch (error) {
    const { reason: why, message } = error as Error & { readonly reason?: string };
    return `cert and key cannot be used: ${why ?? message}`;
  }
}
