import type { Discovery } from "../../discover/index.ts";
import { rememberWindow, type Window, type WindowMemory, windowIn, windowOf } from "../../discover/window.ts";
import type { Reach } from "../../reach/reach.ts";
import { allTargets } from "../../route/plan.ts";
import { nameOf, type Profile, type Target, targetName } from "../../route/target.ts";
import { withinTime } from "./within-time.ts";

/** What the servers said of the launch's targets, as far as it is known by now. */
export interface Windows {
  of(target: Target): Window;
  /** What turned out since: the window in force, in tokens, and where it was read. */
  learn(target: Target, context: number, source: string): void;
  /** Settles when a target's server has answered; undefined where it has, or is not asked. */
  late(target: Target): Promise<void> | undefined;
  /** Asks the servers of these too, for as long as a launch waits. */
  ask(targets: readonly Target[]): Promise<void>;
  /** The names of a provider's models, where it has told them. */
  listed(provider: string): readonly string[] | undefined;
}

/** A launch is not delayed by the network for longer than this. What comes later still counts. */
const patience = 300;

/** Asks the servers of all targets at once, and answers when all have or the time is over. */
export async function askWindows(
  profile: Profile,
  reach: Reach,
  memory: WindowMemory,
  { dry = false }: { readonly dry?: boolean } = {},
): Promise<Windows> {
  const found = new Map<string, Discovery | undefined>();
  const waiting = new Map<string, Promise<void>>();
  const ask = async (targets: readonly Target[]) => {
    const asked = targets
      // Nothing leads there in a rehearsal.
      .filter((target) => needsAsking(target, memory) && !(dry && target.provider.via !== undefined))
      .map((target) => {
        const name = targetName(target);
        const answer = windowOf(target, reach, memory).then(({ discovery }) => {
          found.set(name, discovery);
          waiting.delete(name);
        });
        waiting.set(name, answer);
        return answer;
      });
    await withinTime(Promise.all(asked), patience);
  };
  await ask(allTargets(profile));
  const learned = new Map<string, Pick<Window, "context" | "source" | "certain">>();
  return {
    of(target) {
      const name = targetName(target);
      // What a target says of itself is its own: a profile may name one model twice, for its tiers. Of an Ollama copy the server was not asked.
      const asked = { ...target, model: nameOf(target) };
      return { ...windowIn(asked, found.get(name), memory), ...learned.get(name) };
    },
    learn(target, context, source) {
      learned.set(targetName(target), { context, source, certain: true });
      rememberWindow(target, context, memory);
    },
    late: (target) => waiting.get(targetName(target)),
    ask,
    listed(provider) {
      const told = [...found.values()].find((discovery) => discovery?.provider === provider && discovery.failure === undefined);
      return told?.models.map(({ id }) => id);
    },
  };
}

export const isOllama = ({ provider: { row } }: Target) => row.discover === "ollama" && row.kind === "local";

/** Only a server on the user's own machines can have another window than the last time, or be down. */
function needsAsking(target: Target, memory: WindowMemory): boolean {
  const { kind, servesFiles } = target.provider.row;
  if (kind === "demo" || servesFiles) return false;
  return kind !== "cloud" || windowIn(target, undefined, memory).context === undefined;
}
