import { audienceOf } from "../clients/audience.ts";
import { bytesPassed, type Circumstances, learn, type Tried, unlearn, withoutCooling } from "../route/memory.ts";
import { firstAttempt, nextAttempt } from "../route/next.ts";
import { refusedBy } from "../route/refused-by.ts";
import { targetName } from "../route/target.ts";
import { answerFailure } from "./answer-failure.ts";
import { attemptsOf } from "./attempt-by-wires.ts";
import { type Exchange, finishExchange } from "./exchange.ts";
import { windowOf } from "./session.ts";
import { withFigures } from "./with-figures.ts";

/**
 * Answers a request for a reply. It makes one attempt after another until one has answered or nothing different is left to try. After a
 * failure there are two ways to go on: with secrets fetched anew, or as `nextAttempt` decides.
 */
export async function call(exchange: Exchange): Promise<void> {
  const { session, plan, downstream, report } = exchange;
  const { clock } = session.options;
  const remembered = exchange.stream ? undefined : session.told.find(exchange.body.fields);
  if (remembered !== undefined) return answerFailure(exchange, remembered);

  const make = attemptsOf(exchange);
  const has = (field: string) => exchange.body.kindOf(field) !== "absent";
  const who = { client: exchange.wire, audience: audienceOf(exchange.headers), has };
  const renewed = new Set<string>();
  const known = session.memory;
  let tried: readonly [Tried, ...Tried[]] | undefined;
  let attempt = firstAttempt(plan, session.memory, clock());
  for (;;) {
    const { target } = attempt;
    const whenAsked = session.memory;
    const { result, asked, wire, sent } = await make(attempt);
    const { failure } = result;
    // Codex closes the connection once it has read the event that ends a reply, which may be before the answer's body has ended.
    const isWhole = result.done === true && failure === undefined;
    if (downstream.gone.aborted && !isWhole) return report({ type: "gone" });

    const forms = tried?.filter((one) => one.attempt.target === target).length ?? 0;
    const made: Circumstances = { ...who, attempt, wire, sent, forms };
    const outcome = { ...made, failure, lesson: failure && refusedBy(failure, made) };
    session.memory = learn(session.memory, outcome, clock(), whenAsked);
    if (failure !== undefined) report({ type: "failed", target: targetName(target), failure });
    if (result.done === true) return finishExchange(exchange, result.usage);

    const refusal = await session.secrets.renew(target, asked, renewed, result.failure);
    if (refusal === undefined) session.memory = withoutCooling(session.memory, target.provider);
    if (downstream.gone.aborted) return report({ type: "gone" });
    if (refusal === undefined) {
      attempt = firstAttempt(plan, session.memory, clock());
      continue;
    }

    const last = { ...outcome, failure: refusal };
    tried = tried === undefined ? [last] : [...tried, last];
    const next = nextAttempt(plan, session.memory, tried, clock(), (other) => windowOf(session, other));
    if (next.stop !== undefined) {
      session.memory = unlearn(session.memory, known, last);
      return answerFailure(exchange, withFigures(exchange, tried, next.stop), bytesPassed(sent));
    }
    attempt = next.attempt;
    report({ type: "alternative", target: targetName(attempt.target), why: attempt.why ?? "" });
  }
}
