import { writeSync } from "node:fs";

/** `fcc models | head`: who has read enough has closed the pipe, which is no failure. A launch goes on whoever reads standard error. */
export function outliveReaders(): void {
  const broken = (error: NodeJS.ErrnoException) => error.code === "EPIPE";
  process.stdout.on("error", (error) => {
    if (!broken(error)) throw error;
    process.exit();
  });
  process.stderr.on("error", (error) => {
    if (!broken(error)) throw error;
  });
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
