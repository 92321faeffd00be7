import type { Sink } from "../model/fact.ts";
import { parseJson } from "../model/json.ts";
import type { Outgoing, Reach } from "../reach/reach.ts";
import { endpoints, wireAt } from "../route/endpoint.ts";
import { followsOpening, type Opening, openingOf, warmUpOf } from "../route/opening.ts";
import { type Target, targetName } from "../route/target.ts";
import { ask } from "./ask.ts";

/** A way to the providers on which the main model's server can be made to read the beginning of a conversation before there is one. */
interface WarmReach extends Reach {
  /** Starts to read it. What was sent before counts for more: then nothing is done. */
  warm(target: Target, opening: Opening): void;
  /** Gives up what is being read. */
  abandon(): void;
}

/** Requests of a conversation that are looked at: one that has shown no tools by then has none. */
const looks = 8;
/** A server may read a long beginning for minutes. Milliseconds. */
const patience = 15 * 60_000;

interface WarmUp {
  readonly target: Target;
  readonly opening: Opening;
  readonly over: Promise<unknown>;
  abandon(): void;
}

interface Watching {
  /** Whether a request is one of the main conversation's model. */
  readonly main: (model: string, provider: string) => boolean;
  /** Is told the opening of the first request of the main conversation. */
  readonly seen: (opening: Opening) => void;
  /** Is told of the warm-up itself. */
  readonly sink: Sink;
}

/**
 * While a warm-up runs, a request that goes its way waits for it: sent beside it, a server with several slots would read the same prompt a
 * second time, and one with a single slot does the waiting itself. Any other request to that server ends it at once.
 */
export function warmReach(reach: Reach, { main, seen, sink }: Watching): WarmReach {
  let running: WarmUp | undefined;
  let told = false;
  let looked = 0;

  return {
    warm(target, opening) {
      const { provider } = target;
      const [url] = endpoints(provider, opening.wire);
      if (told || running !== undefined || url === undefined) return;
      const abort = new AbortController();
      const id = "warm-up";
      const body = warmUpOf(opening, target.model);
      const now = () => performance.timeOrigin + performance.now();
      sink({ type: "request", id, at: now(), endpoint: "warm-up", model: target.model, stream: false, bytes: JSON.stringify(body).length });
      sink({ type: "attempt", id, at: now(), target: targetName(target), url, wire: opening.wire, native: false });
      const question = { method: "POST", url, wire: opening.wire, body, signal: abort.signal, patience } as const;
      const over = ask(reach, provider, question).then(({ failure }) => {
        running = undefined;
        if (abort.signal.aborted) sink({ type: "gone", id, at: now() });
        else if (failure !== undefined) sink({ type: "failed", id, at: now(), target: targetName(target), failure });
        else sink({ type: "answered", id, at: now(), status: 200 });
      });
      running = { target, opening, over, abandon: () => abort.abort() };
    },

    async send(outgoing) {
      // Once the conversation has begun, its bytes are nobody's business here.
      const wire = told && running === undefined ? undefined : wireAt(outgoing.url);
      if (wire === undefined) return reach.send(outgoing);
      const body = bodyOf(outgoing);
      const { model } = (body ?? {}) as { readonly model?: unknown };
      if (!told && typeof model === "string" && main(model, outgoing.provider.id)) {
        const opening = openingOf(wire, body);
        looked += 1;
        told = opening !== undefined || looked >= looks;
        if (opening !== undefined) seen(opening);
      }
      const warming = running;
      if (warming?.target.provider.id === outgoing.provider.id) {
        if (warming.opening.wire === wire && model === warming.target.model && followsOpening(warming.opening, body))
          await Promise.race([warming.over, aborted(outgoing.signal)]);
        else warming.abandon();
      }
      return reach.send(outgoing);
    },

    abandon: () => running?.abandon(),
    close: () => reach.close(),
  };
}

function bodyOf({ method, body }: Outgoing): unknown {
  return method === "POST" && body !== undefined ? parseJson(Buffer.from(body).toString()) : undefined;
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) resolve();
    else signal?.addEventListener("abort", () => resolve(), { once: true });
  });
}
