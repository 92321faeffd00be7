import { byWord } from "../../model/by-word.ts";
import type { FailureKind } from "../../model/failure.ts";

/** What an HTTP status means where nothing else is said. */
export function kindOfStatus(status: number): FailureKind {
  const known = statusKinds.get(status);
  if (known !== undefined) return known;
  // Cloudflare's own.
  if (status >= 520 && status <= 530) return "overloaded";
  return status >= 400 && status < 500 ? "bad-request" : "upstream";
}

const statusKinds = byWord<FailureKind, number>({
  unauthorized: [401],
  "out-of-quota": [402],
  forbidden: [403],
  "not-found": [404, 410],
  unreachable: [407],
  "timed-out": [408, 504],
  // The request met another one: the same is sent again.
  conflict: [409],
  "too-large": [413],
  overloaded: [425, 498, 502, 503, 529],
  "rate-limited": [429],
  filtered: [451],
  "cut-off": [499],
});
