import type { Client } from "../clients/client.ts";
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
  const at = message.search(/ (?=(?:Start it|Check|Set) )/);
  return at < 0 ? [message] : [message.slice(0, at), message.slice(at + 1)];
}

/** What an answer and a little conversation take beside the fixed prompt. */
const conversation = 16_000;
const reply = 4_096;
/** Below this even the client's shortest prompt leaves no room to work in. */
const leastRoom = 4_096;

export function neededWindow(client: Client): number {
  return client.fixedPrompt + reply + conversation;
}

/** A window that cannot hold the client's own prompt ends every session at its first turn. */
export function checkWindow(client: Client, target: Target, windows: Windows): Refusal | undefined {
  const { context, certain, source } = windows.of(target);
  const least = (client.leastPrompt ?? client.fixedPrompt) + reply + leastRoom;
  if (context === undefined || !certain || source === "configuration" || context >= least) return undefined;
  const { row } = target.provider;
  const mend: Partial<Record<NonNullable<typeof row.discover>, string>> = {
    ollama: "OLLAMA_CONTEXT_LENGTH=65536 ollama serve",
    llamacpp: "llama-server -c 65536 ...",
    lmstudio: `lms load ${target.model} --context-length 65536`,
    vllm: "vllm serve ... --max-model-len 65536",
    sglang: "python -m sglang.launch_server ... --context-length 65536",
  };
  const command = row.discover === undefined ? undefined : mend[row.discover];
  return {
    exitCode: 1,
    lines: [
      `${targetName(target)} has a window of ${context} tokens (${source}); ${client.name} needs ${least} to begin with, and ${neededWindow(client)} to work well.`,
      command === undefined ? "Choose a model with a larger window." : `Start the server with a larger one: ${command}`,
      `If the server says it wrongly, set \`context:\` in the target.`,
    ],
  };
}
