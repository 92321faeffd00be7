import { createHash } from "node:crypto";

/** OpenAI refuses a `call_id` beyond 64 characters; ids that carry another provider's, and those of some servers, are longer. */
const longest = 64;

/** The id to send for the id of a call: the same in call and output, and in every request, so that prompt caches hold. */
export function shortenCallId(id: string): string {
  if (id.length <= longest) return id;
  const hash = createHash("sha256").update(id).digest("hex").slice(0, 16);
  return `${id.slice(0, longest - 17)}_${hash}`;
}
