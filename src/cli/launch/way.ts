import { createSidecars, type Sidecars } from "../../launch/sidecars.ts";
import type { Environment } from "../../model/environment.ts";
import { createReach, type LateReach } from "../../reach/reach.ts";
import type { Boundary, Provider } from "../../route/target.ts";
import { closeAll } from "./closing.ts";
import { createForwards, type Forwards } from "./forwards.ts";

/** The way to some providers, with the commands that lead there. */
export interface Way {
  readonly reach: LateReach;
  readonly sidecars: Sidecars;
  /** None is started yet. */
  readonly forwards: Forwards;
  close(): Promise<void>;
}

export interface WayOptions {
  readonly env: Environment;
  readonly cache: string;
  readonly boundary: Boundary | undefined;
  readonly say: (line: string) => void;
}

export function openWay(providers: readonly Provider[], { env, cache, boundary, say }: WayOptions): Way {
  const sidecars = createSidecars({ cache, env });
  const forwards = createForwards(providers, sidecars, say);
  const reach = createReach({ env, forward: forwards.to, boundary });
  return { reach, sidecars, forwards, close: () => closeAll([() => sidecars.end(), () => reach.close()]) };
}
