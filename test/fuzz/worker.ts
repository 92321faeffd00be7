import { parentPort, workerData } from "node:worker_threads";
import { readCorpus } from "./corpus.ts";
import { randomFrom, seedOf } from "./random.ts";
import type { Target } from "./target.ts";
import { targetsOf } from "./targets/index.ts";

/** One target's inputs from one number to another. What is under way is written where the runner sees it even while this thread hangs. */
interface Work {
  readonly root: string;
  readonly run: number;
  readonly target: string;
  readonly from: number;
  readonly to: number;
  readonly progress: SharedArrayBuffer;
}

const { root, run, target: name, from, to, progress } = workerData as Work;
const under = new Int32Array(progress);
/** Milliseconds of the processor, not of the clock: a busy machine is no finding. What never ends is the runner's to see. */
const longest = 1000;
const spent = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const target = targetsOf(readCorpus(root), root).find((one) => one.name === name) as Target | undefined;
if (target === undefined) throw new Error(`there is no target "${name}"`);
let loose: string | undefined;
process.on("unhandledRejection", (error) => {
  loose = `an unhandled rejection: ${error instanceof Error ? error.stack : String(error)}`;
});
process.on("uncaughtException", (error) => {
  loose = `an uncaught exception: ${error.stack}`;
});

async function judge(index: number): Promise<void> {
  const seed = seedOf(run, name, index);
  const input = target?.make(randomFrom(seed));
  let took = Number.POSITIVE_INFINITY;
  let problem: string | undefined;
  // What was slow once is given two more chances: another input of the same lane, or a collection, may have been in it.
  for (let tries = 0; tries < 3 && took > longest && problem === undefined; tries += 1) {
    const began = spent();
    try {
      problem = await target?.check(input);
    } catch (error) {
      problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
    took = spent() - began;
  }
  problem ??= loose ?? (took > longest ? `took ${Math.round(took)} ms of the processor, three times` : undefined);
  loose = undefined;
  if (problem !== undefined) parentPort?.postMessage({ index, seed, problem, input: target?.show(input) });
}

await target.open?.();
let next = from;
const lane = async (): Promise<void> => {
  while (next < to) {
    const index = next++;
    Atomics.store(under, 0, index);
    await judge(index);
    Atomics.add(under, 1, 1);
  }
};
try {
  await Promise.all(Array.from({ length: target.atOnce ?? 1 }, lane));
  await target.close?.();
  parentPort?.postMessage({ done: true });
} catch (error) {
  // A fault of the fuzzer itself.
  parentPort?.postMessage({ fault: error instanceof Error ? error.stack : String(error) });
}
