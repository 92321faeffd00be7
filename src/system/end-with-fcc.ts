import { onSignals } from "./on-signals.ts";

/** What ends fcc while there is no client yet to pass it on to. */
const endings: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
const running = new Set<() => unknown>();
let isClients = false;
let stopListening: (() => void) | undefined;

/** Ends what runs in a group of its own when a signal ends fcc. Answers what to call when it has ended by itself. */
export function endWithFcc(end: () => unknown): () => void {
  running.add(end);
  if (!isClients) stopListening ??= onSignals(endings, endAll);
  return () => {
    running.delete(end);
    if (running.size === 0) leaveSignals();
  };
}

/** From here on they are the client's, also for what is started beside it: fcc ends only after it has cleaned up. */
export function leaveSignalsToClient(): void {
  isClients = true;
  leaveSignals();
}

function leaveSignals(): void {
  stopListening?.();
  stopListening = undefined;
}

async function endAll(signal: NodeJS.Signals): Promise<void> {
  // Whoever cannot wait for the end of them sends it again.
  leaveSignals();
  await Promise.all([...running].map((end) => end()));
  process.kill(process.pid, signal);
}
