/**
 * Shows the client that something lives when nothing has been written for a while; until then nothing is sent, so that failures keep
 * their status.
 */
export interface Silence {
  /** Something was written. */
  broken(): void;
  /** What a beat does from now on. */
  onBeat(beat: () => void): void;
  end(): void;
}

export function createSilence(after: number): Silence {
  let beat = () => {};
  const timer = setInterval(() => {
    try {
      beat();
    } catch {
      // What cannot be written is told when the answer comes; thrown here, it would end the launch with all its sessions.
    }
  }, after);
  return {
    broken: () => void timer.refresh(),
    onBeat(next) {
      beat = next;
    },
    end: () => clearInterval(timer),
  };
}
