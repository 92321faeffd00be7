import { addressFor } from "../config/addresses.ts";
import { ask, discoverLocal, type Found, withoutVersion } from "../discover/index.ts";
import type { Row } from "../providers/row.ts";
import { vllm } from "../providers/vllm.ts";
import type { Reach } from "../reach/reach.ts";
import { providerAt } from "./provider-at.ts";

/**
 * The server at an address, whatever of `/v1` or of an endpoint was written. "refuses": something there wants a key, or another one than
 * `key`. undefined: nothing that fcc knows.
 */
export async function serverAt(written: string, reach: Reach, key?: string): Promise<Found | "refuses" | undefined> {
  const url = withoutVersion(addressFor("chat", written.trim()));
  const at = (row: Row, root: string) => ({ ...providerAt(row, root, process.env), ...(key !== undefined && { keys: [key] }) });
  const [found] = await discoverLocal(reach, at, {
    addresses: [{ url, usually: "vllm" }],
    patience: 5000,
    ...(key !== undefined && { key }),
  });
  if (found !== undefined) return found;
  const { failure } = await ask(reach, at(vllm, url), { url: `${url}/v1/models`, patience: 5000, key: key ?? null });
  return failure?.kind === "unauthorized" || failure?.kind === "forbidden" ? "refuses" : undefined;
}
