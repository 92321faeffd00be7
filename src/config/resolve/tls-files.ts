import { readFileSync } from "node:fs";
import type { TlsFiles } from "../../route/target.ts";
import { reason } from "../errors.ts";
import type { AssembledProvider } from "./assemble-provider.ts";

/** The certificates and the key that a provider's `tls` names, read. */
export function readTls({ id, tls, tlsSource }: AssembledProvider): { files?: TlsFiles; faults: readonly string[] } {
  if (tls === undefined) return { faults: [] };
  const faults: string[] = [];
  const files: Record<string, string> = {};
  for (const part of ["ca", "cert", "key"] as const) {
    const path = tls[part];
    if (path === undefined) continue;
    try {
      const text = readFileSync(path, "utf8");
      if (text.includes("-----BEGIN ")) files[part] = text;
      else faults.push(`providers.${id}.tls.${part}: ${path} is no PEM file (${tlsSource}).`);
    } catch (error) {
      faults.push(`providers.${id}.tls.${part}: ${path} cannot be read: ${reason(error)} (${tlsSource}).`);
    }
  }
  return { files: { ...files, ...(tls.serverName !== undefined && { serverName: tls.serverName }) }, faults };
}
