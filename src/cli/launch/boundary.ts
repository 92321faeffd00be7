import type { Environment } from "../../model/environment.ts";
import { ruleAgainst, ruleName } from "../../reach/boundary.ts";
import { httpProxyFor } from "../../reach/http-proxy.ts";
import { loopbackAddress } from "../../reach/loopback.ts";
import { refusedByAddress, ruleAgainstCloud } from "../../reach/outside.ts";
import { addressFrom } from "../../route/address-source.ts";
import { forwardedOutside } from "../../route/forwarded.ts";
import { allTargets } from "../../route/plan.ts";
import { type Boundary, type Profile, type Provider, type Target, targetName } from "../../route/target.ts";
import type { Refusal } from "../refusal.ts";

/** How long a launch waits for the addresses behind names, in milliseconds; whatever they are, each socket is checked too. */
const patience = 300;

/** Targets outside the boundary are refused before anything is sent: by what was written, and by the addresses that a name has now. */
export async function checkBoundary(profile: Profile, env: Environment): Promise<Refusal | undefined> {
  const written = checkWritten(profile);
  if (written !== undefined || profile.boundary === undefined) return written;
  const { boundary } = profile;
  const found = await Promise.all(
    allTargets(profile)
      .filter(({ provider }) => provider.via === undefined && provider.row.kind !== "demo")
      .flatMap((target) => Object.values(target.provider.speaks).map(({ baseUrl }) => [target, new URL(baseUrl)] as const))
      .map(async ([target, url]) => {
        const proxy = httpProxyFor(url, env)?.url;
        const outside = await refusedByAddress(boundary, url, proxy, { patience });
        return outside === undefined ? [] : [refusal(profile, target, outside, proxy)];
      }),
  );
  return found.flat()[0];
}

function refusal(
  profile: Profile,
  target: Target,
  { rule, host, address }: { readonly rule: string; readonly host: string; readonly address?: string | undefined },
  proxy?: URL,
): Refusal {
  const where = address === undefined ? host : `${host} (${address})`;
  // Through an HTTP proxy only names count, and its own: what is refused may be either.
  const written = proxy === undefined ? writtenAt(profile, rule) : profile.boundaryWritten?.join(" or ");
  const direct = proxy === undefined ? "" : `, name ${host} in NO_PROXY`;
  return {
    exitCode: 2,
    lines: [
      `${targetName(target)} is outside the boundary (${rule}): ${where}, ${addressFrom(target.provider)}. Nothing was sent.`,
      `Choose another target${direct}${written === undefined ? "" : `, or change ${written}`}.`,
    ],
  };
}

/** Where the rule that refused was written; metadata addresses are refused by none. */
function writtenAt({ boundary = [], boundaryWritten = [] }: Profile, rule: string): string | undefined {
  return boundaryWritten[boundary.findIndex((one) => ruleName(one) === rule)];
}

function checkWritten(profile: Profile): Refusal | undefined {
  const boundary = profile.boundary ?? [];
  for (const target of allTargets(profile)) {
    const { provider } = target;
    for (const { baseUrl } of Object.values(provider.speaks)) {
      const { hostname } = new URL(baseUrl);
      const rule = ruleAsWritten(boundary, provider, hostname);
      if (rule === undefined) continue;
      return refusal(profile, target, { rule, host: hostname });
    }
    const forwarded = forwardedOutside(boundary, target);
    if (forwarded !== undefined) {
      const choices = `Choose a model that runs on this machine, or a list of hosts in the place of \`local\` in ${writtenAt(profile, "local")}.`;
      return { exitCode: 2, lines: [forwarded, choices] };
    }
  }
  return undefined;
}

function ruleAsWritten(boundary: Boundary, provider: Provider, host: string): string | undefined {
  // What a command leads to is connected to on this machine.
  return ruleAgainst(boundary, host, provider.via && loopbackAddress) ?? ruleAgainstCloud(boundary, provider, host);
}
