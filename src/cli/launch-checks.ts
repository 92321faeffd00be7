import { admits } from "../reach/reach.ts";
import { known } from "../route/plan.ts";
import { type Profile, type Target, targetName } from "../route/target.ts";
import type { Windows } from "./launch-windows.ts";

export interface Refusal {
  readonly exitCode: number;
  readonly lines: readonly string[];
}

/** Targets outside the boundary are refused before anything is sent. Names that only an address decides are checked on the socket. */
export function checkBoundary(profile: Profile): Refusal | undefined {
  const boundary = profile.boundary ?? [];
  for (const target of known(profile)) {
    const { provider } = target;
    for (const { baseUrl } of Object.values(provider.speaks)) {
      const { hostname } = new URL(baseUrl);
      const admission = admits(boundary, hostname);
      if (admission.verdict !== "refused") continue;
      return {
        exitCode: 2,
        lines: [
          `${targetName(target)} is outside the boundary (${admission.rule}): ${hostname}, from ${provider.source}. Nothing was sent.`,
          "Choose another target, or change `boundary` where it was set: `fcc config explain boundary`.",
        ],
      };
    }
    if (boundary.includes("local") && forwards(target)) {
      return {
        exitCode: 2,
        lines: [
          `${targetName(target)} is outside the boundary (local): ${provider.row.name} forwards it to a machine elsewhere. Nothing was sent.`,
          "Choose a model that runs on this machine, or a list of hosts in the place of `local`.",
        ],
      };
    }
  }
  return undefined;
}

function forwards({ provider, model }: Target): boolean {
  const when = provider.row.forwards?.when;
  return when === "always" || (when === "cloud-models" && /[:-]cloud$/.test(model));
}

/** A launch needs one main target that is up; that another is down is said in one line. */
export function checkServers(profile: Profile, windows: Windows): { refusal?: Refusal; notices: readonly string[] } {
  const down = (target: Target) => {
    const failure = windows.failureOf(target);
    return failure?.kind === "unreachable" ? failure : undefined;
  };
  const first = down(profile.main[0]);
  if (first && profile.main.every(down)) return { refusal: { exitCode: 1, lines: sentences(first.message) }, notices: [] };
  const notices = known(profile).flatMap((target) => {
    const failure = down(target);
    return failure === undefined ? [] : [`${targetName(target)} is left out for now: ${failure.message}`];
  });
  return { notices: [...new Set(notices)] };
}

/** What happened on the first line, what to do on the next. */
function sentences(message: string): readonly string[] {
  const at = message.search(/ (?=(?:Start it|Check|Set)\b)/);
  return at < 0 ? [message] : [message.slice(0, at), message.slice(at + 1)];
}
