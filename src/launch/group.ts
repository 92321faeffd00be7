import { setTimeout as wait } from "node:timers/promises";

/** Milliseconds that programs have to end by themselves. */
const grace = 2_000;

/** Tells a whole process group; false: there is none of it left. */
export function tellGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(process.platform === "win32" ? leader : -leader, signal);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Ends a process group: asked first, then not asked. */
export async function endGroup(leader: number): Promise<void> {
  if (!tellGroup(leader, "SIGTERM")) return;
  for (const until = performance.now() + grace; performance.now() < until; ) {
    await wait(20);
    if (!tellGroup(leader, 0)) return;
  }
  tellGroup(leader, "SIGKILL");
}
