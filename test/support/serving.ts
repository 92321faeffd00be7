import type { ProxyOptions } from "../../src/proxy/server.ts";
import type { Profile, Provider, Target } from "../../src/route/target.ts";
import type { closedAfterEachTest } from "./closing.ts";
import { profileOf, providerAt, targetOf } from "./provider.ts";
import { type Launch, launch } from "./proxy.ts";
import { type Script, startUpstream, type Upstream } from "./upstream.ts";

export interface Served {
  readonly upstream: Upstream;
  readonly proxy: Launch;
}

export interface Serving extends Partial<Omit<ProxyOptions, "profile">> {
  /** The provider at the server's address. */
  readonly provider?: (url: string) => Provider;
  readonly target?: Partial<Target>;
  readonly profile?: Partial<Profile>;
}

/** Starts a model server that answers by a script, or by one after another, and a launch whose one target is there. Both are added to what a test has open. */
export function serving(
  open: ReturnType<typeof closedAfterEachTest>,
): (script: Script | readonly Script[], over?: Serving) => Promise<Served> {
  return async (script, { provider = providerAt, target, profile, ...options } = {}) => {
    const upstream = await startUpstream(...[script].flat());
    const proxy = await launch(profileOf([targetOf(provider(upstream.url), "m", target)], profile), options);
    open.push(proxy, upstream);
    return { upstream, proxy };
  };
}
