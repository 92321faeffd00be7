/**
 * Keeps a client waiting: each time nothing has been written for a while it runs a beat, which writes a sign of life. Nothing is sent before
 * the first, so that a failure can still have its own status.
 */
export interface KeepAlive {
  /** Something was written: the time until the next beat starts again. */
  restart(): void;
  /** What a beat does from now on. */
  onBeat(beat: () => void): void;
  end(): void;
}

/** @param interval milliseconds */
export function createKeepAlive(interval: number): KeepAlive {
  let beat = () => {};
  const timer = setInterval(() => {
    try {
      beat();
    } catch {
      // A timer's callback has no caller: thrown here, an error would end the launch. If writing fails, the answer will report it.
    }
  }, interval);
  return {
    restart: () => void timer.refresh(),
    onBeat(next) {
      beat = next;
    },
    end: () => clearInterval(timer),
  };
}
