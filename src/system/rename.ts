import { promises as files } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

/** Milliseconds in which a scanner of viruses, or another fcc that reads it, lets go of what was just written or run. */
const patience = 3_000;
const held = new Set(["EACCES", "EBUSY", "EPERM"]);

/** Puts a file or a folder in the place of another. Windows refuses that for as long as anybody has one of them open. */
export async function rename(from: string, to: string): Promise<void> {
  for (const until = performance.now() + patience; ; await wait(50)) {
    try {
      return await files.rename(from, to);
    } catch (error) {
      const mayPass = process.platform === "win32" && held.has((error as NodeJS.ErrnoException).code ?? "");
      if (!mayPass || performance.now() > until) throw error;
    }
  }
}
