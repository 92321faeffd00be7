import { createHash } from "node:crypto";
import { readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { fromProc } from "./process-start.ts";

/** How the mark of a process is written: `<pid>-<start time>-<where>`. */
export const markForm = "\\d+-\\d+-[0-9a-f]{8}";

/** Names this process in files that outlive it. */
export function markOfProcess(): string {
  return `${process.pid}-${fromProc(process.pid) ?? 0}-${here()}`;
}

/** Whether the process of such a mark still runs, as far as it can be seen from here. */
export function isAlive(mark: string): boolean {
  const [pid = 0, start = 0] = mark.split("-").map(Number);
  if (!mark.endsWith(here())) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  // Process ids come round again; where the start time could be read, it tells two processes apart.
  return start === 0 || fromProc(pid) === start;
}

/** Machines, and containers on one, may share a home, and each counts its processes for itself. */
function here(): string {
  return createHash("sha256").update(`${hostname()} ${namespace()}`).digest("hex").slice(0, 8);
}

function namespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}
