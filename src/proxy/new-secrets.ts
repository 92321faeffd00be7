import { type Failure, withoutAdvice } from "../model/failure.ts";
import { type Target, targetName } from "../route/target.ts";
import { type Secrets, type Session, secretsOf } from "./session.ts";

/** Databricks and Bedrock, among others, answer 403 where a token has expired. */
const refusesSecrets = new Set<Failure["kind"]>(["unauthorized", "forbidden"]);
/** Milliseconds for which a target's 403 is taken for no matter of keys (a model that is not allowed), where other secrets changed nothing. */
const settled = 60_000;

/**
 * What is left of a refusal where secrets are fetched anew, once for each request, since what a command gives may have expired: nothing where
 * there are others now. A request that was under way while another fetched them, or is refused while it does, goes on with those.
 *
 * @param refused what the request was sent with
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

/** Why there are no others, in the place of what helps where nothing gives any. */
function withReason(failure: Failure, fault: string): Failure {
  const { advice, ...refusal } = failure;
  if (advice !== undefined && fault.includes(advice)) return failure;
  const [said] = withoutAdvice(failure);
  return { ...refusal, message: `${said.replace(/\.$/, "")}; it could not be fetched anew: ${fault}` };
}
