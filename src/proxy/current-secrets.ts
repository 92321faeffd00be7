import { type Failure, withoutAdvice } from "../model/failure.ts";
import { type Provider, type Target, targetName } from "../route/target.ts";

/** Fetches a provider's secrets again after it refused them, since a command may give new ones. `fault`: why there are none, a sentence. */
export type RenewSecrets = (
  provider: Provider,
) => Promise<(Pick<Provider, "keys" | "headers"> & { readonly fault?: undefined }) | { readonly fault: string }>;

/** The secrets of a launch's providers: those that it began with, or that were fetched since. */
export interface CurrentSecrets {
  /** The provider with the secrets that it has now; the same one until there are others. */
  of(provider: Provider): Provider;
  /**
   * After a refused key, fetches the provider's secrets again, since what a command gave may have expired; once for each request. Gives
   * undefined if there are other secrets now, so that the request can be sent again, and otherwise the failure. Requests that are refused at
   * the same time share one fetch.
   *
   * @param refused the provider with the secrets that the request was sent with
   * @param renewed the providers whose secrets this request has had fetched
   */
  renew(target: Target, refused: Provider, renewed: Set<string>, failure: Failure): Promise<Failure | undefined>;
}

/** Databricks and Bedrock, among others, answer 403 when a token has expired. */
const refusesSecrets = new Set<Failure["kind"]>(["unauthorized", "forbidden"]);
/** Milliseconds for which a target's 403 is not taken for an expired key, after new secrets did not help: the model may not be allowed. */
const settled = 60_000;

export function createSecrets(fetch: RenewSecrets | undefined, clock: () => number): CurrentSecrets {
  const current = new Map<string, Provider>();
  /** The fetches that are under way. */
  const fetching = new Map<string, ReturnType<RenewSecrets>>();
  /** When a target last refused a request with new secrets as it did with the old ones, by its name. */
  const refusedAnyway = new Map<string, number>();

  const of = (provider: Provider) => current.get(provider.id) ?? provider;
  return {
    of,
    async renew(target, refused, renewed, failure) {
      if (fetch === undefined || !refusesSecrets.has(failure.kind)) return failure;
      const { provider } = target;
      const name = targetName(target);
      if (failure.kind === "forbidden" && clock() - (refusedAnyway.get(name) ?? 0) < settled) return failure;
      const changesNothing = () => {
        refusedAnyway.set(name, clock());
        return failure;
      };
      if (renewed.has(provider.id)) return changesNothing();
      renewed.add(provider.id);
      if (of(provider) !== refused) return undefined;
      const fetched = fetching.get(provider.id) ?? fetch(provider).finally(() => fetching.delete(provider.id));
      fetching.set(provider.id, fetched);
      const now = await fetched;
      if (now.fault !== undefined) return withReason(failure, now.fault);
      const differ = now.keys.some((key) => !refused.keys.includes(key)) || JSON.stringify(now.headers) !== JSON.stringify(refused.headers);
      if (!differ) return changesNothing();
      current.set(provider.id, { ...provider, ...now });
      return undefined;
    },
  };
}

/** Adds why no secret could be fetched, instead of the advice to configure one. */
function withReason(failure: Failure, fault: string): Failure {
  const { advice, ...refusal } = failure;
  if (advice !== undefined && fault.includes(advice)) return failure;
  const [said] = withoutAdvice(failure);
  return { ...refusal, message: `${said.replace(/\.$/, "")}; it could not be fetched anew: ${fault}` };
}
