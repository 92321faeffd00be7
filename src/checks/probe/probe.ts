import { defined } from "../../model/defined.ts";
import type { ReplyEvent, Usage } from "../../model/event.ts";
import type { Fact } from "../../model/fact.ts";
import type { Failure } from "../../model/failure.ts";
import type { Request } from "../../model/request.ts";
import type { Ids, SseMessage, Stage } from "../../model/stage.ts";
import { failureOf } from "../../reach/broken-body.ts";
import type { Reach, Reached } from "../../reach/reach.ts";
import { firstVersion } from "../../route/endpoint.ts";
import type { Provider } from "../../route/target.ts";
import { readFailure } from "../../wire/failure.ts";
import { messagesProvider } from "../../wire/messages/provider.ts";
import { readSse } from "../../wire/sse.ts";
import type { Seen } from "./observe.ts";

/** What one request gave. Times are milliseconds since it was sent. */
export interface ProbeReply {
  readonly events: readonly ReplyEvent[];
  /** Why the reply is not complete, in the words of whatever failed. */
  readonly failure?: Failure;
  readonly usage?: Usage;
  /** When the model's first output came. */
  readonly firstToken?: number;
  readonly elapsed: number;
  /** The requests that were sent to the provider for it. */
  readonly seen: readonly Seen[];
  /** What the proxy reported: attempts, alternatives, notices. */
  readonly facts: readonly Fact[];
}

interface AskOptions {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: ReplyEvent) => void;
}

/** Sends one request to a proxy as the client would: over loopback, on the Messages wire, as a stream. */
export type Ask = (request: Partial<Request> & Pick<Request, "turns">, options?: AskOptions) => Promise<ProbeReply>;

interface ProbeContext {
  readonly proxy: { readonly url: string; readonly token: string };
  /** Reaches the proxy itself: without a boundary and without an HTTP proxy. */
  readonly reach: Reach;
  readonly ids: Ids;
  /** Everything that was seen and reported so far; they grow. */
  readonly seen: readonly Seen[];
  readonly facts: readonly Fact[];
}

/** The name by which the client asks for the only model that the proxy has. */
const model = "main";

/** Bytes of a reply; the answer to a short question has some hundred kilobytes with all its thinking. */
const longestReply = 32 * 1024 * 1024;

const defaults: Omit<Request, "turns" | "model"> = {
  tools: [],
  toolChoice: { type: "auto" },
  parallelTools: true,
  reasoning: {},
  maxOutput: 2048,
  sampling: {},
  stop: [],
  stream: true,
};

export function createAsk({ proxy, reach, ids, seen, facts }: ProbeContext): Ask {
  const there = providerOf(proxy.url);
  return async (request, { signal, onEvent } = {}) => {
    const [seenBefore, factsBefore] = [seen.length, facts.length];
    const opened = messagesProvider.open({ ...defaults, model, ...request }, { ids, model, maker: "fcc", quirks: {} });
    const began = performance.now();
    const events: ReplyEvent[] = [];
    let firstToken: number | undefined;
    const take = (event: ReplyEvent) => {
      if (/-(?:delta|start)$/.test(event.type) && event.type !== "reply-start") firstToken ??= performance.now() - began;
      events.push(event);
      onEvent?.(event);
    };
    const reached = await reach.send({
      provider: there,
      method: "POST",
      url: `${proxy.url}/v1/messages`,
      headers: {
        authorization: `Bearer ${proxy.token}`,
        "content-type": "application/json",
        "anthropic-version": firstVersion,
      },
      body: JSON.stringify(opened.body),
      ...(signal && { signal }),
    });
    const failure = (await readReply(reached, opened.read.stream(), take)) ?? events.findLast((event) => event.type === "failure")?.failure;
    const told = facts.slice(factsBefore);
    // The failure as the provider gave it, before it was written for the client.
    const failed = told.findLast((fact) => fact.type === "failed");
    const end = events.findLast((event) => event.type === "reply-end");
    const why = failure === undefined || failure.origin === "client" ? failure : (failed?.failure ?? failure);
    const elapsed = performance.now() - began;
    return defined({ events, failure: why, usage: end?.usage, firstToken, elapsed, seen: seen.slice(seenBefore), facts: told });
  };
}

/** The proxy itself as a provider. */
function providerOf(baseUrl: string): Provider {
  const speaks = { messages: { baseUrl } };
  return {
    id: "fcc",
    row: { id: "fcc", name: "fcc", kind: "local", speaks, quirks: {}, docs: "" },
    speaks,
    keys: [],
    headers: {},
    quirks: {},
    // The proxy has the provider's time-outs.
    timeout: { connect: 5000, firstByte: 86_400_000, idle: 86_400_000 },
    source: "fcc itself",
  };
}

/** Takes the events of a reply as they come. Returns a failure that is not among them. */
async function readReply(
  reached: Reached,
  stage: Stage<SseMessage, ReplyEvent>,
  take: (event: ReplyEvent) => void,
): Promise<Failure | undefined> {
  if (reached.failure !== undefined) return reached.failure;
  const { status, headers, body } = reached;
  try {
    if (status !== 200) {
      const text = Buffer.concat(await body.toArray()).toString("utf8");
      return readFailure({ status, headers, text }, Math.floor(Date.now() / 1000));
    }
    const sse = readSse();
    const pass = (messages: readonly SseMessage[]) => {
      for (const message of messages) stage.push(message).forEach(take);
    };
    let size = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > longestReply) return { kind: "cut-off", origin: "provider", message: "the reply goes on without an end" };
      pass(sse.push(chunk));
    }
    pass(sse.end());
    stage.end().forEach(take);
    return undefined;
  } catch (error) {
    return failureOf(error);
  }
}
