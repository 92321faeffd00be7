/** The window that is assumed where nobody says: that of the models which Claude Code and Codex are made for. */
export const assumedWindow = 200_000;
const usualOutput = 32_000;

/** Output tokens to ask for, where a client takes them off the window before it compacts: a quarter of a small one. */
export function outputWithin(window: number, maxOutput = usualOutput): number {
  return Math.min(maxOutput, usualOutput, Math.floor(window / 4));
}

/** A window in few characters, in the unit that it was given in: "64k" for 65,536, "200k" for 200,000. */
export function tokens(count: number): string {
  const unit = count % 1024 === 0 ? 1024 : 1000;
  return count < 1000 ? String(count) : `${Math.round(count / unit)}k`;
}
