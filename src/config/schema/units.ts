const milliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const tokens: Readonly<Record<string, number>> = { "": 1, k: 1_024, m: 1_048_576 };

/** No time at all would let nothing through. */
export const durationPattern = /^(?=.*[1-9])(\d+(?:\.\d+)?)(ms|s|m|h)$/;
/** What is longer, timers take for no time at all. */
const longest = 2 ** 31 - 1;
/** Windows are powers of two by custom: `128k` is 131,072, as the servers print it. */
export const sizePattern = /^(\d+(?:\.\d+)?)([kKmM]?)$/;

/** "10s" to milliseconds. The text matches `durationPattern`. */
export function durationOf(text: string): number {
  const [, amount = "0", unit = "ms"] = durationPattern.exec(text) ?? [];
  return Math.min(longest, Math.max(1, Math.round(Number(amount) * (milliseconds[unit] ?? 1))));
}

/** "128k" to tokens. The text matches `sizePattern`. */
export function sizeOf(text: string): number {
  const [, amount = "0", unit = ""] = sizePattern.exec(text) ?? [];
  return Math.round(Number(amount) * (tokens[unit.toLowerCase()] ?? 1));
}
