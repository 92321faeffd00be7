import { shortHash } from "../mend/short-hash.ts";
import type { WireName } from "../model/opaque.ts";
import type { Quirks } from "../model/quirks.ts";
import type { Headers } from "../model/wire.ts";
import { credentials } from "./credentials.ts";
import { firstVersion } from "./endpoint.ts";
import type { Provider } from "./target.ts";

type Given = Readonly<Record<string, string>>;

/** Whom a request goes to: a provider with its current secrets, by which of its wires and keys. */
export interface Recipient {
  readonly provider: Provider;
  readonly wire: WireName;
  readonly key?: string | undefined;
}

/**
 * The client's headers that a provider of its own wire may need. An allow-list, so that credentials, cookies, Host and hop-by-hop headers
 * (RFC 9110 7.6.1) can never pass.
 */
const forwarded = new Set([
  ...["accept", "user-agent", "anthropic-version", "anthropic-dangerous-direct-browser-access", "x-app"],
  ...["openai-beta", "originator", "session-id", "session_id", "thread-id", "conversation_id", "x-client-request-id", "idempotency-key"],
]);
const forwardedFamilies = /^(?:x-stainless-|x-claude-code-|x-codex-|x-openai-)/;
/** The encodings that the tap can read. */
const readable = ["gzip", "br"];

/** Headers for a request whose bytes pass. `from`: the client's. */
export function nativeHeaders(to: Recipient, quirks: Quirks, from: Headers): Given {
  const betas = betasFor(quirks, from);
  return {
    ...picked(from, forwarded, forwardedFamilies),
    ...(betas && { "anthropic-beta": betas }),
    "content-type": "application/json",
    "accept-encoding": narrowed(from["accept-encoding"]),
    ...versionFor(to.wire, quirks.apiVersion, from),
    ...conversation(to, from),
    ...credentials(to.provider, to.wire, to.key),
  };
}

/** The client's `anthropic-beta`, without what the provider refuses. */
export function betasFor({ betas, refusedBetas }: Quirks, from: Headers): string | undefined {
  const given = from["anthropic-beta"];
  if (betas === "none" || given === undefined || refusedBetas === undefined) return betas === "none" ? undefined : given;
  const left = given.split(",").filter((beta) => !refusedBetas.includes(beta.trim()));
  return left.length === 0 ? undefined : left.join(",");
}

/**
 * Headers for a translated request. Of the client's (`from`) only the id of its conversation is used, for providers that have a header for it,
 * and `betas` where they are meant for this server. No compression: it delays events in some servers.
 */
export function translatedHeaders(to: Recipient, stream: boolean, from: Headers = {}, betas?: string): Given {
  return {
    ...(betas && { "anthropic-beta": betas }),
    "content-type": "application/json",
    accept: acceptFor(stream),
    "accept-encoding": "identity",
    "user-agent": "fcc",
    ...versionFor(to.wire, firstVersion),
    ...conversation(to, from),
    ...credentials(to.provider, to.wire, to.key),
  };
}

/** The form in which a reply is asked for; an error is JSON. */
export const acceptFor = (stream: boolean) => (stream ? "text/event-stream, application/json" : "application/json");

/** The headers in which Claude Code, Codex and OpenCode identify their conversation. */
const conversationIds = [
  ...["x-claude-code-session-id", "session-id", "session_id", "conversation_id", "thread-id"],
  ...["x-session-affinity", "x-session-id", "x-opencode-session"],
];

/** The conversation's id, where the provider has a header for it. One that demands it gets an id made from the key where the client has none. */
function conversation({ provider: { row }, key }: Recipient, from: Headers): Given {
  if (row.sessionHeader === undefined) return {};
  const named = conversationIds.map((name) => from[name]).find(Boolean);
  const id = named ?? (row.needsSession === true ? `fcc_${shortHash(key ?? "", 16)}` : undefined);
  return id === undefined ? {} : { [row.sessionHeader]: id };
}

/**
 * The provider's headers for an answer whose bytes pass; not its cookies and hop-by-hop headers. Its id of the request is what its support asks
 * for and its SDKs show, by the one name or the other; fcc's own stands in the other.
 */
export function answerHeaders(from: Headers): Given {
  return picked(from, returned, returnedFamilies);
}

const returned = new Set([
  ...["content-type", "content-encoding", "content-length", "retry-after"],
  ...["retry-after-ms", "x-should-retry", "request-id", "x-request-id", "cache-control"],
]);
const returnedFamilies = /^(?:anthropic-ratelimit-|x-ratelimit-)/;

function picked(from: Headers, names: ReadonlySet<string>, families: RegExp): Given {
  const out: Record<string, string> = {};
  for (const [name, value] of Object.entries(from)) {
    if (value !== undefined && (names.has(name) || families.test(name))) out[name] = value;
  }
  return out;
}

/** The encodings that both the client and the tap can read; identity where the client offers none. */
function narrowed(offered: string | undefined): string {
  const names = (offered ?? "").split(",").map((item) => item.trim().toLowerCase());
  const kept = readable.filter((name) =>
    names.some((item) => (item === name || item.startsWith(`${name};`)) && !/;\s*q=0(?:\.0*)?$/.test(item)),
  );
  return kept.length === 0 ? "identity" : kept.join(", ");
}

function versionFor(wire: WireName, taken: string | undefined, given: Headers = {}): Given {
  if (wire !== "messages") return {};
  return { "anthropic-version": taken ?? given["anthropic-version"] ?? firstVersion };
}
