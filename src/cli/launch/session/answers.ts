import { type Configuration, resolveProvider } from "../../../config/index.ts";
import type { Sink } from "../../../model/fact.ts";
import { openPort, type Port } from "../../../proxy/incoming/port.ts";
import type { Reach } from "../../../reach/reach.ts";
import { toAll } from "../../../watch/to-all.ts";
import { randomIds } from "../../ids.ts";
import type { LaunchPlan } from "../plan.ts";

interface Answering {
  readonly token: string;
  readonly reach: Reach;
  readonly traceBodies: boolean;
  /** Who is told what happens. */
  readonly sinks: readonly Sink[];
  /** Takes notices, to be shown when the session is over. */
  readonly note: (text: string) => void;
}

/** Opens the port where a launch answers its client. With the first request it loads what answers, and waits for slow servers. */
export function openAnswers(
  { profile, windows, ollama, late }: LaunchPlan,
  loaded: Configuration,
  { sinks, note, ...answering }: Answering,
): Promise<Port> {
  return openPort(randomIds, async () => {
    const [{ answerWith }, fitted] = await Promise.all([import("../../proxy.ts"), late]);
    for (const notice of fitted?.notices ?? []) note(notice);
    const served = fitted?.profile ?? profile;
    const watching = ollama === undefined ? [] : [ollama.watch(served, note)];
    return answerWith({
      ...answering,
      profile: served,
      windowOf: (target) => windows.of(target).context,
      listed: (provider) => windows.listed(provider),
      async renewSecrets(provider) {
        const renewed = await resolveProvider(loaded, provider.id, "refresh");
        return renewed.error ? { fault: renewed.error.lines.join(" ") } : renewed.provider;
      },
      sink: toAll([...sinks, ...watching]),
    });
  });
}
