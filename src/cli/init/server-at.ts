import { addressesAt, addressFor } from "../../config/resolve/addresses.ts";
import { discoverAt, type Found, withoutVersion } from "../../discover/index.ts";
import type { Failure } from "../../model/failure.ts";
import { rows } from "../../providers/index.ts";
import type { Row } from "../../providers/row.ts";
import type { Reach } from "../../reach/reach.ts";
import { providerAt } from "../provider-at.ts";

/** Milliseconds. */
const patience = 5000;

/** The server at an address, whatever of `/v1` or of an endpoint was written; else what went wrong there, if anything did. */
export async function serverAt(
  written: string,
  reach: Reach,
  key?: string,
): Promise<{ readonly found?: Found; readonly failure?: Failure }> {
  const url = withoutVersion(chatAddress(written.trim()));
  const at = (row: Row, root: string) => ({
    ...providerAt(row, root, process.env),
    source: written,
    ...(key !== undefined && { keys: [key] }),
  });
  const asked = { signal: AbortSignal.timeout(patience), ...(key !== undefined && { key }) };
  return discoverAt({ url, usually: "vllm" }, reach, at, asked);
}

/** By the row whose port it has, since an API of that server's own may have been written. */
function chatAddress(written: string): string {
  const { port } = new URL(written);
  const row = Object.values(rows).find(({ ownApi, speaks }) => ownApi && speaks.chat && new URL(speaks.chat.baseUrl).port === port);
  return (row && addressesAt(written, row.speaks, row.ownApi).chat?.baseUrl) ?? addressFor("chat", written);
}
