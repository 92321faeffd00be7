import { readFileSync } from "node:fs";

/** What Linux says of a process, from the third field on at the place that proc(5) gives it. Throws where there is no such process. */
export function procStat(pid: number | "self"): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name before it is in parentheses and may hold anything.
  return ["", "", "", ...stat.slice(stat.lastIndexOf(")") + 2).split(" ")];
}
