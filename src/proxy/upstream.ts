import type { Readable } from "node:stream";
import { type Failure, isMissing } from "../model/failure.ts";
import type { WireName } from "../model/opaque.ts";
import type { Headers } from "../model/wire.ts";
import { decoded } from "../reach/decoded.ts";
import type { Outgoing } from "../reach/reach.ts";
import { redirected } from "../reach/redirected.ts";
import { addressFrom } from "../route/address-source.ts";
import { endpoints } from "../route/endpoint.ts";
import { forwardedOutside } from "../route/forwarded.ts";
import type { Recipient } from "../route/headers.ts";
import { type Attempt, keyFailures } from "../route/memory.ts";
import { secretsIn, withoutSecrets } from "../route/secrets.ts";
import { targetName } from "../route/target.ts";
import { readFailure } from "../wire/failure.ts";
import { attributeFailure, speaksOfModel } from "./attribute-failure.ts";
import { copied } from "./copied.ts";
import type { Exchange, WireAttempt } from "./exchange.ts";
import { readText } from "./read-bytes.ts";
import { largestKept, placeOf, type Session } from "./session.ts";

/** An answer with a status of 2xx. */
export interface Succeeded {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readable;
  readonly failure?: undefined;
}

export type Answered = Succeeded | { readonly failure: Failure };

/** The failure of an answer whose body is empty. */
export function nothingCame({ url, status }: Succeeded): Failure {
  return { kind: "cut-off", origin: "provider", message: `${url} answered ${status} with nothing.` };
}

export interface Asking {
  readonly attempt: Attempt;
  readonly wire: WireName;
  readonly headers: (to: Recipient) => Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** The most output that the body asks for, in tokens. */
  readonly output?: number | undefined;
  readonly signal: AbortSignal;
  readonly below?: string | undefined;
  readonly onSend?: (url: string) => void;
  /** What the server sent, once it is over. */
  readonly onReply?: (status: number, text: string) => void;
}

/** Milliseconds that a server has to end the body of a reply that is complete, so that its connection can be reused. */
export const grace = 1000;

/** Bytes of an error that are read: a longer body is not an error message. */
const longestError = 1024 * 1024;

/**
 * Sends one request to a target. A base URL may mean several addresses (with or without `/v1`): each is tried until one has understood a
 * request, and that one is used from then on. Whatever is not a success becomes a failure.
 */
export async function ask(session: Session, asking: Asking): Promise<Answered> {
  const { attempt, wire } = asking;
  const { provider } = attempt.target;
  // A launch is refused its own targets, unless its command is known to ask no model; a request may name any.
  const forwarded = forwardedOutside(session.options.profile.boundary ?? [], attempt.target);
  if (forwarded !== undefined) return { failure: { kind: "refused-by-policy", origin: "fcc", provider: provider.id, message: forwarded } };
  const addresses = endpoints(provider, wire, asking.below);
  const place = placeOf(provider, wire);
  const known = session.addresses.get(place);
  let last: Failure = {
    kind: "unreachable",
    origin: "fcc",
    message: `provider ${provider.id} has no usable address for ${wire} (${addressFrom(provider)}).`,
  };
  for (const [index, url] of addresses.entries()) {
    if (known !== undefined && known !== index) continue;
    const answered = await askAt(session, asking, url);
    if (answered.failure === undefined && asking.below === undefined) session.served.add(servedBy(asking));
    if (answered.failure === undefined || !isWrongAddress(answered.failure)) {
      if (answered.failure === undefined || understood(answered.failure)) session.addresses.set(place, index);
      return answered;
    }
    last = answered.failure;
  }
  if (asking.below === undefined && session.served.has(servedBy(asking)) && isGatewaysOwn(last)) return { failure: missingForNow(last) };
  // A cloud provider with one address has other reasons for a 404.
  const doubtful = provider.row.kind === "local" ? 1 : 2;
  if (known !== undefined || addresses.length < doubtful) return { failure: last };
  const message = `no such address at provider ${provider.id} (${addressFrom(provider)}); tried ${addresses.join(" and ")}: ${last.message}`;
  return { failure: { ...last, message } };
}

const servedBy = ({ wire, attempt: { target } }: Asking): string => `${targetName(target)} ${wire}`;

/** What Traefik and the ingress of nginx say where no server is behind an address, such as while one is being replaced. */
const isGatewaysOwn = ({ status, message }: Failure): boolean =>
  status === 404 && /^(?:404 page not found|default backend - 404)$/i.test(message.trim());

/** It may be there again in a moment. What is missing ends the turn of either agent, which Codex itself would go on with. */
const missingForNow = (failure: Failure): Failure => ({
  ...failure,
  kind: "upstream",
  message: `${failure.message} (it has answered at this address before)`,
});

/** What the request of an exchange's attempt is sent with. */
type Asked = Pick<Asking, "headers" | "below" | "output"> & { readonly body: Buffer };

/** Sends the request of an exchange's attempt, and reports it to whoever watches. */
export async function askForReply(exchange: Exchange, attempt: WireAttempt, request: Asked): Promise<Answered> {
  const { session, body, stream } = exchange;
  const answered = await ask(session, askingFor(exchange, attempt, request));
  // A whole reply is held by what reads it, however long it is.
  const isKept = stream && Math.max(body.bytes.length, request.body.length) <= largestKept;
  if (isKept && answered.failure === undefined) session.latest = answered.body;
  return answered;
}

function askingFor({ session, downstream, report }: Exchange, attempt: WireAttempt, request: Asked): Asking {
  const { traceBodies } = session.options;
  const { wire, native, obstacle } = attempt;
  const target = targetName(attempt.target);
  // Asked for less already: a sum that still does not fit is the prompt's alone.
  const output = attempt.maxOutput === undefined ? request.output : undefined;
  const asking = { ...request, output, attempt, wire, signal: downstream.gone };
  const attempted = (url: string) => ({ type: "attempt", target, url, wire, native, ...(obstacle && { obstacle: obstacle.why }) }) as const;
  if (traceBodies !== true) return { ...asking, onSend: (url) => report(attempted(url)) };
  const secrets = secretsIn(session.secrets.of(attempt.target.provider));
  return {
    ...asking,
    onSend: (url) => report({ ...attempted(url), body: () => request.body.toString("utf8") }),
    onReply: (status, text) => report({ type: "reply", target, status, body: () => withoutSecrets(text, secrets) }),
  };
}

/** Whether the failure shows that the address exists. Keys and quotas are checked before the path: vLLM answers 401 at any address. */
const understood = ({ kind, status = 500 }: Failure): boolean => status < 500 && !keyFailures.has(kind);

/** Whether the address, and not the model, is missing. */
const isWrongAddress = (failure: Failure): boolean => isMissing(failure) && !speaksOfModel(failure);

async function askAt(session: Session, asking: Asking, url: string): Promise<Answered> {
  const { reach } = session.options;
  const { attempt, wire, signal } = asking;
  const { provider } = attempt.target;
  const current = session.secrets.of(provider);
  // None before its command has run for a provider that no target of the profile uses: the command runs when a request is refused.
  const key = current.keys[attempt.key ?? 0];
  asking.onSend?.(url);
  const outgoing: Outgoing = {
    provider,
    method: "POST",
    url,
    headers: asking.headers({ provider: current, wire, key }),
    body: asking.body,
    signal,
  };
  const reached = await reach.send(outgoing);
  if (reached.failure !== undefined) return reached;
  const { status, headers, body } = reached;
  const { onReply } = asking;
  if (status >= 200 && status < 300)
    return { url, status, headers, body: onReply === undefined ? body : copied(reached, (text) => onReply(status, text)) };
  const elsewhere = redirected(provider, url, status, headers);
  if (elsewhere !== undefined) body.on("error", () => {}).destroy();
  const failure = elsewhere ?? (await readRefusal(session, asking, reached));
  return { failure: attributeFailure(session, failure, attempt.target, url) };
}

/**
 * When an answer was sent, in milliseconds since the epoch. It may say by a date when to ask again, which is one of the server's clock: ours may
 * be set wrong, and on Linux it stands still while a machine sleeps.
 */
function sentAt({ date = "" }: Headers, { options }: Session): number {
  const said = Date.parse(date);
  return Number.isNaN(said) ? options.clock() : said;
}

async function readRefusal(session: Session, { attempt, output, onReply }: Asking, answer: Omit<Succeeded, "url">): Promise<Failure> {
  const { status, headers } = answer;
  const text = await readText(decoded(answer), longestError);
  onReply?.(status, text);
  const failure = readFailure({ status, headers, text }, Math.floor(sentAt(headers, session) / 1000), output);
  const wordless = attempt.quirks.wordlessOverflow === true && (status === 400 || status === 413) && text.trim() === "";
  return wordless ? { ...failure, kind: "too-long" } : failure;
}
