import { audienceOf } from "../clients/audience.ts";
import type { Usage } from "../model/event.ts";
import { type Failure, transient } from "../model/failure.ts";
import { type Attempt, learn } from "../route/memory.ts";
import { firstAttempt, nextAttempt, type Tried } from "../route/next.ts";
import { targetName } from "../route/target.ts";
import { type Way, wayOf } from "../route/way.ts";
import { askedOutput } from "../wire/asked-output.ts";
import { createAbsentWires } from "./absent-wires.ts";
import { mostTokens } from "./counts/surely-fits.ts";
import type { Exchange, Result } from "./exchange.ts";
import { relay } from "./native/relay.ts";
import { withNewSecrets } from "./new-secrets.ts";
import { type Session, secretsOf, windowOf } from "./session.ts";
import { refuseThread } from "./threads.ts";
import { translate } from "./translated/translate.ts";
import { withFigures } from "./with-figures.ts";
import { beat, openStream } from "./write-answer.ts";

/** One request for a reply: attempts, until one has answered or nothing different is left to try. */
export async function call(session: Session, exchange: Exchange): Promise<void> {
  const { clock, sink } = session.options;
  const { plan, downstream, id } = exchange;
  const remembered = exchange.stream ? undefined : session.told.find(exchange.body.fields, clock());
  if (remembered !== undefined) return tell(session, exchange, remembered);

  let tried: readonly [Tried, ...Tried[]] | undefined;
  const renewed = new Set<string>();
  const absent = createAbsentWires(session);
  const program = audienceOf(exchange.headers) === "program";
  let attempt = firstAttempt(plan, session.memory, clock());
  for (;;) {
    const preferred = wayOf(absent.without(attempt.target), attempt.quirks, exchange.wire, exchange.body.fields);
    const way = through(session, exchange, attempt, preferred);
    // Signs of life as long as this attempt has none of its own.
    exchange.keepAlive.onBeat(() => beat(exchange));
    const secrets = secretsOf(session, attempt.target.provider);
    const sent: Result = way.native ? await relay(session, exchange, attempt, way) : await translate(session, exchange, attempt, way);
    if (downstream.gone.aborted) return sink({ type: "gone", id, at: clock() });
    const { provider } = attempt.target;
    const gone = absent.absence(provider, way.wire, sent);
    if (gone !== undefined) {
      sink({ type: "failed", id, at: clock(), target: targetName(attempt.target), failure: gone });
      sink({ type: "alternative", id, at: clock(), target: targetName(attempt.target), why: gone.message });
      continue;
    }
    const result = absent.settled(provider, sent);
    const { failure, native } = result;
    const by = { attempt, client: exchange.wire, program, ...(native === undefined ? {} : { native }) };
    session.memory = learn(session.memory, failure === undefined ? by : { ...by, failure }, clock());
    if (failure !== undefined) sink({ type: "failed", id, at: clock(), target: targetName(attempt.target), failure });
    if (result.done === true) return answered(session, exchange, result.usage);

    const left = await withNewSecrets(session, attempt.target, secrets, renewed, result.failure);
    if (downstream.gone.aborted) return sink({ type: "gone", id, at: clock() });
    if (left === undefined) {
      attempt = firstAttempt(plan, session.memory, clock());
      continue;
    }
    const last = { ...by, failure: left };
    tried = tried === undefined ? [last] : [...tried, last];
    const following = nextAttempt(plan, session.memory, tried, clock(), (target) => windowOf(session, target));
    if (following.stop !== undefined) return tell(session, exchange, withFigures(session, exchange, tried, following.stop), native);
    attempt = following.attempt;
    sink({ type: "alternative", id, at: clock(), target: targetName(attempt.target), why: attempt.why ?? "" });
  }
}

/** Where more has to change in the request than the model's name, its bytes cannot pass. */
function through(session: Session, exchange: Exchange, attempt: Attempt, way: Way): Way {
  if (!way.native) return way;
  const { fields } = exchange.body;
  // A reply from before that fcc wrote is known to no provider: its history goes into the request.
  const told = exchange.wire === "responses" && session.responses.knows(fields);
  // A reply that is asked for by its id when it is done: no such question goes to a provider.
  const later = exchange.wire === "responses" && fields["background"] === true && !exchange.stream;
  const lost = attempt.quirks.keepsThreads !== true && refuseThread(exchange) !== undefined;
  // Less output than the client asks for.
  const less = attempt.maxOutput !== undefined;
  return told || later || lost || less || isTight(session, exchange, attempt) ? { ...way, native: false } : way;
}

/** Where prompt and output together may not fit: servers of one's own refuse such a request instead of giving less (vLLM). */
function isTight(session: Session, exchange: Exchange, { target }: Attempt): boolean {
  const window = target.provider.row.kind === "local" ? windowOf(session, target) : undefined;
  if (window === undefined) return false;
  const { fields, bytes } = exchange.body;
  const output = askedOutput(fields) ?? 0;
  // Most requests need not be read.
  if (mostTokens(bytes) + output <= window) return false;
  const accepted = exchange.accepted();
  return !("failure" in accepted) && session.counts.count(targetName(target), accepted.request).tokens + output > window;
}

function answered(session: Session, { id, downstream, keepAlive }: Exchange, usage: Usage | undefined): void {
  keepAlive.end();
  const { sink, clock } = session.options;
  sink({ type: "answered", id, at: clock(), status: downstream.status, ...(usage === undefined ? {} : { usage }) });
}

/**
 * Tells a failure: by its status, or in band where the status is spent. SDKs make an empty reply of an error whose status is 200, and
 * ask again where the answer breaks off.
 */
function tell(session: Session, exchange: Exchange, failure: Failure, native = false): void {
  const { wires, clock } = session.options;
  const { downstream, id } = exchange;
  exchange.keepAlive.end();
  const audience = audienceOf(exchange.headers);
  const answer = wires.clients[exchange.wire].writeFailure(failure, id, audience);
  if (!downstream.opened) {
    downstream.answer(answer, answer.status, native ? failure.limitHeaders : undefined);
    answered(session, exchange, undefined);
    return;
  }
  if (!transient.has(failure.kind)) session.told.remember(exchange.body.fields, failure, clock());
  const writer = exchange.stream ? exchange.writer() : undefined;
  if (writer === undefined && audience === "program") downstream.destroy();
  else if (writer === undefined) downstream.end(JSON.stringify(answer.body));
  else {
    const shown: Failure = transient.has(failure.kind) ? { ...failure, kind: "overloaded" } : failure;
    openStream(exchange);
    downstream.end([...writer.push({ type: "failure", failure: shown }), ...writer.end()].join(""));
  }
  answered(session, exchange, undefined);
}
