/**
 * V8's settings for a session, which lasts for hours beside a model that needs the memory. Left alone, V8 lets the heap grow to some four
 * times of what is in use before it collects, and the space for what is new to 16 MB in two halves: 130 to 170 MB resident, for 100. The
 * price is a collection more often: 1 to 2 ms of a request of 400 KB. The first is for undici's parser, which is WebAssembly in one large
 * function: after some sixty bytes V8 would optimise it in the background, for longer than a whole command takes, and a process does not
 * end before such work is done. It is put off until a session has read some hundred kilobytes; what a launch asks through undici before
 * its client has been started comes too early for that.
 */
const session = ["--liftoff-only", "--heap-growing-percent=70", "--semi-space-growth-factor=1"];

/** From here on V8 refuses what it compiled before and what was kept of that. */
export function settle(): void {
  // Asked for late, since Node loads it.
  const { setFlagsFromString } = process.getBuiltinModule("node:v8");
  for (const flag of session) setFlagsFromString(flag);
}
