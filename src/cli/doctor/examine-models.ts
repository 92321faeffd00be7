import { bad } from "../../checks/index.ts";
import type { Environment } from "../../model/environment.ts";
import type { Target } from "../../route/target.ts";
import { type Closing, closeAll } from "../launch/closing.ts";
import { ollamaOf } from "../launch/ollama.ts";
import { neededWindow } from "../launch/room.ts";
import { beginsOn } from "../launch/servers.ts";
import { settleProfile } from "../launch/settle.ts";
import { windowMemory } from "../launch/window-memory.ts";
import { askWindows } from "../launch/windows.ts";
import type { Refusal } from "../refusal.ts";
import { openRehearsal } from "../rehearsal.ts";
import { type AgentTask, agentCheck } from "./agent.ts";
import { modelChecks, wayTo } from "./model.ts";
import type { Walk } from "./walk.ts";

interface Examining extends Omit<AgentTask, "target" | "windows" | "reach"> {
  readonly env: Environment;
  readonly say: (line: string) => void;
}

/** Takes the steps of a launch as far as its client, and checks each model on the way. Answers the one that the launch begins on. */
export async function examineModels(walk: Walk, { env, say, profile: given, ...task }: Examining): Promise<Target> {
  const { client, cache } = task;
  const needed = neededWindow(client, []);
  const closing: Closing = [];
  try {
    const rehearsal = await openRehearsal(given, env, { needed, say });
    closing.push(() => rehearsal.close());
    const { reach, refusal } = rehearsal;
    const memory = windowMemory(cache);
    closing.push(() => memory.save());
    const windows = await askWindows(rehearsal.profile, reach, memory);
    // What would stop a launch is found by the checks themselves.
    const settled = await settleProfile(rehearsal.profile, windows, { needed, dry: true });
    const begin = beginsOn(settled.profile.main, windows);
    if (refusal !== undefined) await tellServerRefusal(walk, refusal);
    const isUp = refusal === undefined && (await walk.look(wayTo(begin, rehearsal, env)));
    // As a launch does before its client starts: the window is made large enough where the server allows it.
    const ollama = ollamaOf({ windows, needed, reach, cache });
    closing.push(() => ollama.close());
    const fitted = isUp ? await ollama.fit(settled.profile) : undefined;
    const { profile } = (await fitted?.late) ?? fitted ?? settled;
    const target = beginsOn(profile.main, windows);
    const agent = agentCheck({ ...task, profile, target, windows, reach });
    await walk.look([...modelChecks(target, { profile, windows, rehearsal, client }), agent]);
    return target;
  } finally {
    await closeAll(closing);
  }
}

/** A server on a model file is started by the launch itself. */
async function tellServerRefusal(walk: Walk, refusal: Refusal): Promise<void> {
  const check = { id: "via", title: "server on the model file", after: ["profile"] };
  await walk.take(check, refusal, async ({ lines, exitCode }) => ({ finding: bad(lines.join("\n")), exitCode }));
}
