import { readFileSync } from "node:fs";

/** Names this process in files that outlive it: `<pid>-<start time>`. */
export function markOfProcess(): string {
  return `${process.pid}-${startOf(process.pid) ?? 0}`;
}

/** Whether the process of such a mark still runs. */
export function isAlive(mark: string): boolean {
  const [pid = 0, start = 0] = mark.split("-").map(Number);
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  // Process ids come round again; where the start time can be read, it tells two processes apart.
  const now = startOf(pid);
  return now === undefined || start === 0 || now === start;
}

/** When a process began, in clock ticks since the machine did (proc(5), field 22). Linux only. */
function startOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name before it is in parentheses and may hold anything.
    const start = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
    return Number.isFinite(start) ? start : undefined;
  } catch {
    return undefined;
  }
}
