import { audienceOf } from "../clients/audience.ts";
import { learn, type Tried, unlearn } from "../route/memory.ts";
import { firstAttempt, nextAttempt } from "../route/next.ts";
import { targetName } from "../route/target.ts";
import { createAbsentWires } from "./absent-wires.ts";
import { answerFailure } from "./answer-failure.ts";
import { type Exchange, finishExchange } from "./exchange.ts";
import { relay } from "./native/relay.ts";
import { withNewSecrets } from "./new-secrets.ts";
import { type Session, secretsOf, windowOf } from "./session.ts";
import { translate } from "./translated/translate.ts";
import { wireFor } from "./wire-for.ts";
import { withFigures } from "./with-figures.ts";
import { beat } from "./write-answer.ts";

/**
 * Answers a request for a reply. It makes one attempt after another until one has answered or nothing different is left to try. After a
 * failure there are three ways to go on: by another of the provider's wires, with secrets fetched anew, or as `nextAttempt` decides.
 */
export async function call(session: Session, exchange: Exchange): Promise<void> {
  const { clock, sink } = session.options;
  const { plan, downstream, id } = exchange;
  const remembered = exchange.stream ? undefined : session.told.find(exchange.body.fields, clock());
  if (remembered !== undefined) return answerFailure(session, exchange, remembered);

  const absent = createAbsentWires(session);
  const program = audienceOf(exchange.headers) === "program";
  const renewed = new Set<string>();
  const known = session.memory;
  let tried: readonly [Tried, ...Tried[]] | undefined;
  let attempt = firstAttempt(plan, session.memory, clock());
  for (;;) {
    const { target } = attempt;
    const { provider } = target;
    const name = targetName(target);
    const secrets = secretsOf(session, provider);
    const choice = wireFor(session, exchange, attempt, absent.without(target));
    // This attempt's beats, until it has something better to send.
    exchange.keepAlive.onBeat(() => beat(exchange));
    const received = await (choice.native ? relay : translate)(session, exchange, { ...attempt, ...choice });
    if (downstream.gone.aborted) return sink({ type: "gone", id, at: clock() });

    const missing = absent.absence(provider, choice.wire, received);
    if (missing !== undefined) {
      sink({ type: "failed", id, at: clock(), target: name, failure: missing });
      sink({ type: "alternative", id, at: clock(), target: name, why: missing.message });
      continue;
    }

    const result = absent.settled(provider, received);
    const { failure } = result;
    const outcome = { attempt, client: exchange.wire, program, ...(result.native === undefined ? {} : { native: result.native }) };
    session.memory = learn(session.memory, failure === undefined ? outcome : { ...outcome, failure }, clock());
    if (failure !== undefined) sink({ type: "failed", id, at: clock(), target: name, failure });
    if (result.done === true) return finishExchange(session, exchange, result.usage);

    const refusal = await withNewSecrets(session, target, secrets, renewed, result.failure);
    if (downstream.gone.aborted) return sink({ type: "gone", id, at: clock() });
    if (refusal === undefined) {
      attempt = firstAttempt(plan, session.memory, clock());
      continue;
    }

    const last = { ...outcome, failure: refusal };
    tried = tried === undefined ? [last] : [...tried, last];
    const next = nextAttempt(plan, session.memory, tried, clock(), (other) => windowOf(session, other));
    if (next.stop !== undefined) {
      session.memory = unlearn(session.memory, known, last);
      return answerFailure(session, exchange, withFigures(session, exchange, tried, next.stop), result.native);
    }
    attempt = next.attempt;
    sink({ type: "alternative", id, at: clock(), target: targetName(attempt.target), why: attempt.why ?? "" });
  }
}
