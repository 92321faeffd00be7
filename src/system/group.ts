import { spawnSync } from "node:child_process";
import { win32 } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** Milliseconds that programs have to end by themselves. */
const grace = 2_000;

/** Tells a whole process group; false: there is none of it left. On Windows, which has none, the program and what it has started are ended. */
export function tellGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  if (process.platform === "win32" && signal !== 0 && endTree(leader)) return true;
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

/** Behind a `.cmd` the program itself is a child, and outlives the cmd.exe that waits for it. */
function endTree(leader: number): boolean {
  const taskkill = win32.join(process.env["SystemRoot"] ?? "C:\\Windows", "System32", "taskkill.exe");
  return spawnSync(taskkill, ["/pid", String(leader), "/t", "/f"], { stdio: "ignore", windowsHide: true }).status === 0;
}
