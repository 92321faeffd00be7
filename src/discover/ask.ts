import type { Readable } from "node:stream";
import type { Failure } from "../model/failure.ts";
import { parseJson } from "../model/json.ts";
import type { WireName } from "../model/opaque.ts";
import type { Headers } from "../model/wire.ts";
import { failureOf } from "../reach/broken-body.ts";
import type { Reach } from "../reach/reach.ts";
import { redirected } from "../reach/redirected.ts";
import { addressFrom } from "../route/address-source.ts";
import { credentials } from "../route/credentials.ts";
import { firstVersion } from "../route/endpoint.ts";
import { secretsIn, withoutSecrets } from "../route/secrets.ts";
import type { Provider } from "../route/target.ts";

/** OpenRouter's list of all models is some megabytes; nothing that is asked here is longer. */
const longestAnswer = 32 * 1024 * 1024;
/** A question about a server is answered from memory: who needs longer is not there. Milliseconds. */
const patience = 10_000;

/** How a server is asked. */
export interface AskOptions {
  readonly signal?: AbortSignal;
  /** The key to ask with. Default: the provider's first; null: without one. */
  readonly key?: string | null;
  /** Milliseconds for the whole answer. */
  readonly patience?: number;
}

export interface Question extends AskOptions {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly url: string;
  /** Whose endpoint it is, where it is not one of the server's own. */
  readonly wire?: WireName;
  readonly body?: unknown;
}

/** What came of a question. */
export interface Said {
  /** The parsed answer of a status of 2xx; absent where that was no JSON. */
  readonly json?: unknown;
  readonly headers: Headers;
  readonly failure?: Failure;
}

/** Asks a server something about itself. Never throws; what it says of a failure holds none of the secrets that it was sent. */
export async function ask(reach: Reach, provider: Provider, question: Question): Promise<Said> {
  const said = await asked(reach, provider, question);
  if (said.failure === undefined) return said;
  const secrets = [...secretsIn(provider), ...(question.key ? [question.key] : [])];
  return { ...said, failure: { ...said.failure, message: withoutSecrets(said.failure.message, secrets) } };
}

async function asked(reach: Reach, provider: Provider, question: Question): Promise<Said> {
  const limit = AbortSignal.timeout(question.patience ?? patience);
  const signal = question.signal ? AbortSignal.any([question.signal, limit]) : limit;
  // Headers may hold a secret like a key.
  const known = question.key === null ? { ...provider, keys: [], headers: provider.row.headers ?? {} } : provider;
  const body = question.body === undefined ? undefined : JSON.stringify(question.body);
  const reached = await reach.send({
    provider,
    method: question.method ?? "GET",
    url: question.url,
    headers: {
      accept: "application/json",
      ...(body !== undefined && { "content-type": "application/json" }),
      // As its own endpoints take them, whatever wire is spoken with it.
      ...credentials(known, "messages", question.key ?? known.keys[0]),
      ...(question.wire === "messages" && { "anthropic-version": firstVersion }),
    },
    ...(body !== undefined && { body }),
    signal,
    question: true,
  });
  // Who asked has gone where its own signal says so; else it is the server that took too long.
  const failed = (failure: Failure): Failure =>
    limit.aborted && question.signal?.aborted !== true ? silent(provider, question) : named(failure, provider, question);
  if (reached.failure) return { headers: {}, failure: failed(reached.failure) };
  const { status, headers } = reached;
  const elsewhere = redirected(provider, question.url, status, headers);
  if (elsewhere !== undefined) {
    reached.body.on("error", () => {}).destroy();
    // A reply may well come from where it is asked for: what counts is that this was not heard.
    return { headers, failure: { ...elsewhere, kind: "upstream" } };
  }
  const text = await textOf(reached.body);
  if (typeof text !== "string") return { headers, failure: failed(text) };
  if (status < 200 || status > 299) {
    // A launch waits for its questions, and few of them meet what providers' errors are known by.
    const { readFailure } = await import("../wire/failure.ts");
    return { headers, failure: named(readFailure({ status, headers, text }, Math.floor(Date.now() / 1000)), provider, question) };
  }
  return { headers, json: parseJson(text) };
}

async function textOf(body: Readable): Promise<string | Failure> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > longestAnswer) {
        body.destroy();
        return { kind: "upstream", message: "The answer is too long to be a list of models.", origin: "provider" };
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("utf8");
  } catch (error) {
    return failureOf(error);
  }
}

function silent(provider: Provider, { url, patience: allowed = patience }: Question): Failure {
  const message = `${url} (provider ${provider.id}, ${addressFrom(provider)}) has not answered for ${allowed / 1000} s.`;
  return { kind: "timed-out", message, origin: "provider", provider: provider.id };
}

/** What the network did says its place by itself; what a server says does not. */
function named(failure: Failure, { id }: Provider, { url }: Question): Failure {
  return failure.provider === undefined ? { ...failure, provider: `${id} at ${new URL(url).origin}` } : failure;
}
