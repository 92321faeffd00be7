/**
 * Below this, in microseconds, the clock and the compiler count for more than the work: a ratio of such times would be chance. Some
 * kernels count a process's time in steps of 10 ms.
 */
const least = 40_000;
/** A task that is done so often and still takes no time does nothing. */
const most = 4096;
/** Below this, which is 1 where the size has no part in it, a bound from above is no check. */
const fewest = 1.5;
/** Between linear and the square, with room for collecting garbage. */
export const notItsSquare = 9;
/** Measurements at most, where all of them look like more than that. */
const rounds = 4;

/**
 * How many times as much of the processor's time a task takes when it is four times as large: 4 where the cost is linear, 16 where it grows
 * with the square. The processor's own time, and the least of three runs, since other work on the machine must not decide.
 */
export function growth(task: (size: number) => void, size: number): number {
  const cost = (of: number, repeats: number) =>
    Math.min(
      ...Array.from({ length: 3 }, () => {
        const before = process.cpuUsage();
        for (let turn = 0; turn < repeats; turn += 1) task(of);
        const { user, system } = process.cpuUsage(before);
        return user + system;
      }),
    );
  let repeats = 1;
  while (cost(size, repeats) < least) {
    repeats *= 2;
    if (repeats > most) throw new Error(`a task of size ${size} takes less than ${least} microseconds ${most} times: that says nothing`);
  }
  // By now all is compiled, for both. What else the machine does can make one measurement dearer, but not every one.
  let [more, less] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < rounds; round += 1) {
    more = Math.min(more, cost(size * 4, repeats));
    less = Math.min(less, cost(size, repeats));
    if (more / less < notItsSquare) break;
  }
  const times = more / less;
  if (times < fewest) throw new Error(`a task four times as large takes ${times.toFixed(2)} times as much: it makes nothing of its size`);
  return times;
}
