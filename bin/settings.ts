/**
 * V8's settings for a session, which lasts for hours beside a model that needs the memory. By default V8 lets the heap grow to about four
 * times what is in use before it collects, and gives new objects 16 MB in two halves: 120 to 160 MB resident, for 90 with these settings.
 * The price is more frequent collections, about a millisecond for a request of 400 KB.
 *
 * undici's parser is WebAssembly in one large function. Optimising it takes V8 50 MB, and a core for longer than a whole command lasts, and
 * the process cannot exit until that is done; streaming gains nothing from it. Node 20 needs both flags; `--liftoff-only`, which would do,
 * cannot be set this late on Node 24.
 */
const flags = ["--no-wasm-tier-up", "--no-wasm-dynamic-tiering", "--heap-growing-percent=70", "--semi-space-growth-factor=1"];

/** V8's code cache depends on its settings: what it compiled before this call can no longer be cached, and older caches are rejected. */
export function applySessionSettings(): void {
  // Not imported at the top, since Node would load it at every start.
  const { setFlagsFromString } = process.getBuiltinModule("node:v8");
  for (const flag of flags) setFlagsFromString(flag);
}
