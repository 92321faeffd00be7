import { fromProc } from "./process-start.ts";

/** Names this process in files that outlive it: `<pid>-<start time>`. */
export function markOfProcess(): string {
  return `${process.pid}-${fromProc(process.pid) ?? 0}`;
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
  const now = fromProc(pid);
  return now === undefined || start === 0 || now === start;
}
