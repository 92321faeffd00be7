/** What ends fcc while there is no client yet to pass it on to. */
const endings: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
const running = new Set<() => void>();

/** Ends what runs in a group of its own when a signal ends fcc. Answers what to call when it has ended by itself. */
export function endWithFcc(end: () => void): () => void {
  if (running.size === 0) for (const signal of endings) process.on(signal, pass);
  running.add(end);
  return () => {
    running.delete(end);
    if (running.size === 0) for (const signal of endings) process.off(signal, pass);
  };
}

function pass(signal: NodeJS.Signals): void {
  // Beside a client the signal is the client's; who else listens sends it again when its own things are put away.
  if (process.listenerCount(signal) > 1) return;
  for (const end of running) end();
  for (const one of endings) process.off(one, pass);
  process.kill(process.pid, signal);
}
