import type { TlsFiles } from "../route/target.ts";

/** What a provider's configuration says of TLS, as Node names it. */
export function tlsOptions({ serverName, ...files }: TlsFiles = {}): Omit<TlsFiles, "serverName"> & { readonly servername?: string } {
  return serverName === undefined ? files : { ...files, servername: serverName };
}
