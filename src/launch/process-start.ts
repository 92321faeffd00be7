import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * When a process began, which tells it from a later one with the same number: in clock ticks since the machine started (proc(5), field 22),
 * elsewhere in seconds as ps says it. Undefined: there is none, or it cannot be told.
 */
export function startOf(pid: number): number | undefined {
  if (process.platform === "linux") return fromProc(pid);
  return process.platform === "win32" ? undefined : fromPs(pid);
}

export function fromProc(pid: number): number | undefined {
  try {
    const stat = procStat(pid);
    const start = Number(stat[22]);
    // A process that has ended keeps its number until its parent asks for it, and what runs as PID 1 in a container may never ask.
    return Number.isFinite(start) && stat[3] !== "Z" ? start : undefined;
  } catch {
    return undefined;
  }
}

export function fromPs(pid: number): number | undefined {
  const said = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", env: { ...process.env, LC_ALL: "C" } }).stdout;
  const start = Date.parse(said ?? "");
  return Number.isFinite(start) ? start / 1000 : undefined;
}

/** What Linux says of a process, from the third field on at the place that proc(5) gives it. Throws where there is no such process. */
export function procStat(pid: number | "self"): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name before it is in parentheses and may hold anything.
  return ["", "", "", ...stat.slice(stat.lastIndexOf(")") + 2).split(" ")];
}
