/**
 * V8's settings for a session, which lasts for hours beside a model that needs the memory. Left alone, V8 lets the heap grow to some four
 * times of what is in use before it collects, and the space for what is new to 16 MB in two halves: 120 to 160 MB resident, for 90. The
 * price is a collection more often, about a millisecond of a request of 400 KB.
 *
 * undici's parser is WebAssembly in one large function. Optimising it takes V8 50 MB, and a core for longer than a whole command lasts, and
 * a process does not end before such work is done; a delta costs no less for it. Node 20 needs both flags, and Node 24 knows no
 * `--liftoff-only` that is set so late.
 */
const session = ["--no-wasm-tier-up", "--no-wasm-dynamic-tiering", "--heap-growing-percent=70", "--semi-space-growth-factor=1"];

/** From here on V8 refuses what it compiled before and what was kept of that. */
export function settle(): void {
  // Asked for late, since Node loads it.
  const { setFlagsFromString } = process.getBuiltinModule("node:v8");
  for (const flag of session) setFlagsFromString(flag);
}
