// Gives every reader of outside text inputs that are made of real recordings and broken: no crash, no unhandled rejection, none that
// takes more than a second, always a legal ending.
//   npm run fuzz                            1,000,000 inputs
//   npm run fuzz -- 20000                   so many
//   npm run fuzz -- 20000 seed=7            the same inputs as another run with this seed
//   npm run fuzz -- only=streams at=123     one target, one input of a run with a seed
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { bundleModules } from "../support/bundle.mjs";

const root = resolve(import.meta.dirname, "../..");
const option = (name) => process.argv.find((argument) => argument.startsWith(`${name}=`))?.slice(name.length + 1);
const total = Number(process.argv.find((argument) => /^\d+$/.test(argument)) ?? 1_000_000);
const run = Number(option("seed") ?? Date.now() % 2 ** 31);
const only = option("only");
const at = option("at");
/** Milliseconds without one finished input: it hangs. */
const patience = 30_000;
/** Findings that are shown of each target. */
const most = 5;

const folder = mkdtempSync(join(tmpdir(), "fcc-fuzz-"));
const entries = { worker: join(root, "test/fuzz/worker.ts"), targets: join(root, "test/fuzz/targets/index.ts") };

let failed = 0;
let passed = 0;
const shown = new Map();
const found = (target, index, problem, input) => {
  failed += 1;
  shown.set(target, (shown.get(target) ?? 0) + 1);
  if (shown.get(target) > most) return;
  console.log(`\nfound: ${target}, npm run fuzz -- seed=${run} only="${target}" at=${index}\n${problem}\ninput: ${input}\n`);
};

/** Resolves with the number from which to go on, or undefined when all was done. */
function work(target, from, to) {
  return new Promise((settle) => {
    const progress = new SharedArrayBuffer(8);
    const under = new Int32Array(progress);
    const worker = new Worker(pathToFileURL(join(folder, "worker.mjs")), {
      workerData: { root, run, target, from, to, progress },
      execArgv: ["--enable-source-maps"],
    });
    let before = -1;
    let bad = 0;
    const finish = (goOn) => {
      clearInterval(timer);
      passed += Atomics.load(under, 1) - bad;
      void worker.terminate();
      settle(goOn);
    };
    let since = Date.now();
    const timer = setInterval(() => {
      const now = Atomics.load(under, 1);
      if (now !== before) [before, since] = [now, Date.now()];
      else if (Date.now() - since > patience) {
        const index = Atomics.load(under, 0);
        found(target, index, `no end after ${patience / 1000} s`, "see the seed");
        finish(index + 1);
      }
    }, 500);
    worker.on("message", ({ done, fault, index, problem, input }) => {
      if (done) return finish(undefined);
      if (fault !== undefined) {
        found(target, Atomics.load(under, 0), `the fuzzer itself failed: ${fault}`, "none");
        return finish(undefined);
      }
      bad += 1;
      found(target, index, problem, input);
    });
    worker.on("error", (error) => {
      const index = Atomics.load(under, 0);
      found(target, index, `the thread died: ${error.stack}`, "see the seed");
      finish(index + 1);
    });
  });
}

try {
  await bundleModules(entries, folder, { sourcemap: "inline" });
  const { targetsOf } = await import(pathToFileURL(join(folder, "targets.mjs")).href);
  const targets = targetsOf({ streams: {}, replies: {}, requests: {}, errors: [] }, root);
  if (only !== undefined && !targets.some(({ name }) => name === only))
    throw new Error(`there is no target ${only}: ${targets.map(({ name }) => name).join(", ")}`);
  console.log(`seed=${run}, ${total} inputs, Node ${process.version}`);
  const shares = targets.reduce((sum, { share }) => sum + share, 0);
  for (const { name, share } of targets) {
    if (only !== undefined && only !== name) continue;
    const began = performance.now();
    const count = only === undefined ? Math.ceil((total * share) / shares) : total;
    const [first, last] = at === undefined ? [0, count] : [Number(at), Number(at) + 1];
    const before = passed + failed;
    for (let from = first; from !== undefined && from < last; ) from = await work(name, from, last);
    console.log(
      `${name}: ${passed + failed - before} inputs, ${shown.get(name) ?? 0} found, ${((performance.now() - began) / 1000).toFixed(1)} s`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exitCode = failed === 0 ? 0 : 1;
