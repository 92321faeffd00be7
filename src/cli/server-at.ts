import { discoverLocal, type Found } from "../discover/index.ts";
import type { Reach } from "../reach/reach.ts";
import { providerAt } from "./provider-at.ts";

/** The server at an address, whatever of `/v1` was written. */
export async function serverAt(written: string, reach: Reach): Promise<Found | undefined> {
  const url = written.trim().replace(/\/+$/, "").replace(/\/v1$/, "");
  const [found] = await discoverLocal(reach, (row, root) => providerAt(row, root, process.env), {
    addresses: [{ url, usually: "vllm" }],
    patience: 5000,
  });
  return found;
}
