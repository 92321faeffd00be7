/** V8's settings, which it compares with those of whoever compiled a script. What it has of them by default differs by version. */
interface Settings {
  readonly "wasm-tiering-budget": number;
  readonly "heap-growing-percent": number;
  readonly "semi-space-growth-factor": number;
}

/**
 * Those of a session, which lasts for hours beside a model that needs the memory. Left alone, V8 lets the heap grow to some four times of
 * what is in use before it collects, and the space for what is new to 16 MB in two halves: 130 to 170 MB resident, for 100. The price is a
 * collection more often: 1 to 2 ms of a request of 400 KB. The first is set as in `reach/undici.ts`, which may not be loaded yet.
 */
const session: Settings = { "wasm-tiering-budget": 1_000_000_000, "heap-growing-percent": 70, "semi-space-growth-factor": 1 };

const defaults: readonly Settings[] = [1_800_000, 13_000_000].map((budget) => ({
  "wasm-tiering-budget": budget,
  "heap-growing-percent": 0,
  "semi-space-growth-factor": 2,
}));

/** Asked for late, since Node loads it. */
const v8 = () => process.getBuiltinModule("node:v8");

function apply(settings: Settings): void {
  for (const [name, value] of Object.entries(settings)) v8().setFlagsFromString(`--${name}=${value}`);
}

export const settle = () => apply(session);

/** A number for the settings in force. */
export const inForce = (): number => v8().cachedDataVersionTag();

/** Does something under the settings that were in force before, where they can be had again. */
export function under(before: number, work: () => void): void {
  const now = inForce();
  const wanted = defaults.find((settings) => {
    if (inForce() !== before) apply(settings);
    return inForce() === before;
  });
  if (wanted !== undefined) work();
  if (inForce() !== now) settle();
}
