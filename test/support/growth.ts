/** Below this, in microseconds, the clock and the compiler count for more than the work. */
const least = 2000;

/**
 * How many times as much of the processor's time a task takes when it is four times as large: 4 where the cost is linear, 16 where it grows
 * with the square. The processor's own time, and the least of three runs, since other work on the machine must not decide.
 */
export function growth(task: (size: number) => void, size: number): number {
  const cost = (of: number) =>
    Math.min(
      ...Array.from({ length: 3 }, () => {
        const before = process.cpuUsage();
        task(of);
        const { user, system } = process.cpuUsage(before);
        return user + system;
      }),
    );
  cost(size);
  return cost(size * 4) / Math.max(cost(size), least);
}

/** Between linear and the square, with room for collecting garbage. */
export const notItsSquare = 9;
