// `node --import lag.mjs ...`: writes the p99 of the event loop's delay to $BENCH_LAG.<pid>, over each half second.
import { writeFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";

const resolution = 2;
const delay = monitorEventLoopDelay({ resolution });
delay.enable();
setInterval(() => {
  writeFileSync(`${process.env.BENCH_LAG}.${process.pid}`, String(delay.percentile(99) / 1e6 - resolution));
  delay.reset();
}, 500).unref();
