import { createSidecars, type Sidecars } from "../../../launch/sidecars.ts";
import type { Environment } from "../../../model/environment.ts";
import { createReach, type LateReach } from "../../../reach/reach.ts";
import type { Boundary, Provider } from "../../../route/target.ts";
import { closeAll } from "../closing.ts";
import { createForwards, type Forwards } from "./forwards.ts";

/** How some providers are reached, and the commands that forward a port to them. */
interface Access {
  readonly reach: LateReach;
  readonly sidecars: Sidecars;
  /** None of them is running yet. */
  readonly forwards: Forwards;
  close(): Promise<void>;
}

export interface AccessOptions {
  readonly env: Environment;
  readonly cache: string;
  readonly boundary: Boundary | undefined;
  readonly say: (line: string) => void;
}

export function openAccess(providers: readonly Provider[], { env, cache, boundary, say }: AccessOptions): Access {
  const sidecars = createSidecars({ cache, env });
  const forwards = createForwards(providers, sidecars, say);
  const reach = createReach({ env, forward: forwards.to, boundary });
  return { reach, sidecars, forwards, close: () => closeAll([() => sidecars.end(), () => reach.close()]) };
}
