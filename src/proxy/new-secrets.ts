import { type Failure, withoutAdvice } from "../model/failure.ts";
import { type Target, targetName } from "../route/target.ts";
import { type Secrets, type Session, secretsOf } from "./session.ts";

/** Databricks and Bedrock, among others, answer 403 when a token has expired. */
const refusesSecrets = new Set<Failure["kind"]>(["unauthorized", "forbidden"]);
/** Milliseconds for which a target's 403 is not taken for an expired key, after new secrets did not help: the model may not be allowed. */
const settled = 60_000;

/**
 * After a refused key, fetches the provider's secrets again, since what a command gave may have expired; once for each request. Returns
 * undefined if there are other secrets now, so that the request can be sent again, and otherwise the failure. Requests that are refused at
 * the same time share one fetch.
 *
 * @param refused the secrets that the request was sent with
 * @param renewed the providers whose secrets this request has had fetched
 */
export async function withNewSecrets(
  session: Session,
  target: Target,
  refused: Secrets,
  renewed: Set<string>,
  failure: Failure,
): Promise<Failure | undefined> {
  const { renewSecrets: renew, clock } = session.options;
  if (renew === undefined || !refusesSecrets.has(failure.kind)) return failure;
  const { provider } = target;
  const name = targetName(target);
  if (failure.kind === "forbidden" && clock() - (session.forbidden.get(name) ?? 0) < settled) return failure;
  const changesNothing = () => {
    session.forbidden.set(name, clock());
    return failure;
  };
  if (renewed.has(provider.id)) return changesNothing();
  renewed.add(provider.id);
  if (secretsOf(session, provider) === refused) {
    const renewing = session.renewing.get(provider.id) ?? renew(provider).finally(() => session.renewing.delete(provider.id));
    session.renewing.set(provider.id, renewing);
    const now = await renewing;
    if (now.fault !== undefined) return withReason(failure, now.fault);
    const differ = now.keys.some((key) => !refused.keys.includes(key)) || JSON.stringify(now.headers) !== JSON.stringify(refused.headers);
    if (!differ) return changesNothing();
    session.renewed.set(provider.id, now);
  }
  const isOf = (name: string) => name.startsWith(`${provider.id}#`) || name.startsWith(`${provider.id}/`);
  const cooling = Object.fromEntries(Object.entries(session.memory.cooling).filter(([name]) => !isOf(name)));
  session.memory = { ...session.memory, cooling };
  return undefined;
}

/** Adds why no secret could be fetched, instead of the advice to configure one. */
function withReason(failure: Failure, fault: string): Failure {
  const { advice, ...refusal } = failure;
  if (advice !== undefined && fault.includes(advice)) return failure;
  const [said] = withoutAdvice(failure);
  return { ...refusal, message: `${said.replace(/\.$/, "")}; it could not be fetched anew: ${fault}` };
}
