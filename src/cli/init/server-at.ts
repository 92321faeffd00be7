import { addressFor } from "../../config/resolve/addresses.ts";
import { discoverAt, type Found, withoutVersion } from "../../discover/index.ts";
import type { Row } from "../../providers/row.ts";
import type { Reach } from "../../reach/reach.ts";
import { providerAt } from "../provider-at.ts";

/** Milliseconds. */
const patience = 5000;

/**
 * The server at an address, whatever of `/v1` or of an endpoint was written. "refuses": something there wants a key, or another one than
 * `key`. undefined: nothing that fcc knows.
 */
export async function serverAt(written: string, reach: Reach, key?: string): Promise<Found | "refuses" | undefined> {
  const url = withoutVersion(addressFor("chat", written.trim()));
  const at = (row: Row, root: string) => ({ ...providerAt(row, root, process.env), ...(key !== undefined && { keys: [key] }) });
  const asked = { signal: AbortSignal.timeout(patience), ...(key !== undefined && { key }) };
  const { found, failure } = await discoverAt({ url, usually: "vllm" }, reach, at, asked);
  return failure?.kind === "unauthorized" || failure?.kind === "forbidden" ? "refuses" : found;
}
