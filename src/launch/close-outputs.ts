import type { ChildProcess } from "node:child_process";

/** Milliseconds in which a program's last output arrives. */
const patience = 100;

/** Closes a program's outputs when it has ended: a process that it left running may hold them open, and would be waited for. */
export function closeOutputsAtExit(child: Pick<ChildProcess, "once" | "stdout" | "stderr">): void {
  child.once("exit", () => {
    const close = () => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    };
    // Output that has arrived by then is read first.
    setTimeout(() => setImmediate(close), patience).unref();
  });
}
