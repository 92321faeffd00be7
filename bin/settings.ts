import { setFlags, sparing } from "../src/system/heap.ts";

/**
 * V8's settings for a session.
 *
 * undici's parser is WebAssembly in one large function. Optimising it takes V8 50 MB, and a core for longer than a whole command lasts, and
 * the process cannot exit until that is done; streaming gains nothing from it. Node 20 needs both flags; `--liftoff-only`, which would do,
 * cannot be set this late on Node 24.
 */
const flags = ["--no-wasm-tier-up", "--no-wasm-dynamic-tiering", ...sparing];

/** V8's code cache depends on its settings: what it compiled before this call can no longer be cached, and older caches are rejected. */
export function applySessionSettings(): void {
  setFlags(flags);
}
