import { writeSync } from "node:fs";
import { reason } from "../config/errors.ts";

/**
 * `fcc models | head`: who has read enough has closed the pipe, which is no failure; a full disk is one. A launch goes on whatever becomes of
 * what it says on standard error.
 */
export function outliveReaders(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    process.stderr.write(`fcc: standard output cannot be written: ${reason(error)}.\n`);
    process.exit(1);
  });
  process.stderr.on("error", () => {});
}

/** Past the stream of standard output, which takes Node longer to make than all else here. */
export function writeOut(text: string): void {
  const bytes = Buffer.from(text);
  let at = 0;
  try {
    while (at < bytes.length) at += writeSync(1, bytes, at);
  } catch {
    // A pipe that is full for now, or closed.
    outliveReaders();
    process.stdout.write(bytes.subarray(at));
  }
}
