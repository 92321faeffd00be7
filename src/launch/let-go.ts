import type { ChildProcess } from "node:child_process";

/** Milliseconds in which what a program said last arrives. */
const patience = 100;

/** Lets go of a program's outputs when it has ended: what it left running may hold them for as long as it lives, and would be waited for. */
export function letGo(child: Pick<ChildProcess, "once" | "stdout" | "stderr">): void {
  child.once("exit", () => {
    const close = () => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    };
    // What has come by then is read before.
    setTimeout(() => setImmediate(close), patience).unref();
  });
}
