import type { FailureKind } from "../../model/failure.ts";

/** What an HTTP status means where nothing else is said. */
export function kindOfStatus(status: number): FailureKind {
  const known = statusKinds[status];
  if (known !== undefined) return known;
  // Cloudflare's own.
  if (status >= 520 && status <= 530) return "overloaded";
  return status >= 400 && status < 500 ? "bad-request" : "upstream";
}

const statusKinds: Readonly<Record<number, FailureKind>> = {
  401: "unauthorized",
  402: "out-of-quota",
  403: "forbidden",
  404: "not-found",
  407: "unreachable",
  408: "timed-out",
  // The request met another one: the same is sent again.
  409: "conflict",
  410: "not-found",
  413: "too-large",
  425: "overloaded",
  429: "rate-limited",
  451: "filtered",
  498: "overloaded",
  499: "cut-off",
  502: "overloaded",
  503: "overloaded",
  504: "timed-out",
  529: "overloaded",
};
