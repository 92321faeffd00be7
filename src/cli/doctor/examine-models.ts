import { type Examined, examine, type Listener } from "../../checks/index.ts";
import { type FittedSoFar, type OllamaLaunch, ollamaOf } from "../launch/ollama.ts";
import { neededWindow } from "../launch/room.ts";
import { settleProfile } from "../launch/settle.ts";
import { windowMemory } from "../launch/window-memory.ts";
import { askWindows } from "../launch/windows.ts";
import { openRehearsal } from "../rehearsal.ts";
import { type AgentTask, agentCheck } from "./agent.ts";
import { modelChecks, wayOfMain } from "./model.ts";

export interface Examining extends Omit<AgentTask, "windows" | "reach"> {
  /** What the checks of this machine found. */
  readonly examined: readonly Examined[];
  readonly listener: Listener;
  readonly say: (line: string) => void;
}

/** Takes the steps of a launch as far as its client, and checks each model on the way. */
export async function examineModels({ examined, listener, say, profile: given, ...launch }: Examining): Promise<readonly Examined[]> {
  const { client, env, cache } = launch;
  const needed = neededWindow(client, []);
  const rehearsal = await openRehearsal(given, env, { needed, say });
  const { reach } = rehearsal;
  const memory = windowMemory(cache);
  let ollama: OllamaLaunch | undefined;
  try {
    const reached = await examine(wayOfMain(rehearsal, env), { before: examined, ...listener });
    const isUp = !reached.some(({ state, id }) => state === "bad" && ["via", "http-proxy", "dns", "tcp", "tls"].includes(id));
    // As a launch does before its client starts: the window is made large enough where the server allows it.
    const windows = await askWindows(rehearsal.profile, reach, memory);
    // What would stop a launch is found by the checks themselves.
    const settled = await settleProfile(rehearsal.profile, windows, { needed, dry: true });
    ollama = ollamaOf({ windows, needed, reach, cache });
    const fitted: FittedSoFar = isUp ? await ollama.fit(settled.profile) : settled;
    const { profile } = (await fitted.late) ?? fitted;
    const agent = agentCheck({ ...launch, profile, windows, reach });
    return await examine([...modelChecks(profile, windows, rehearsal, client), agent], { before: reached, ...listener });
  } finally {
    await ollama?.close();
    await rehearsal.close();
    memory.save();
  }
}
