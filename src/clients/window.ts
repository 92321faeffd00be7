/** The window that is assumed where nobody says: that of the models which Claude Code and Codex are made for. */
export const assumedWindow = 200_000;
const usualOutput = 32_000;

/** Output tokens to ask for, where a client takes them off the window before it compacts: a quarter of a small one. */
export function outputWithin(window: number, maxOutput = usualOutput): number {
  return Math.min(maxOutput, usualOutput, Math.floor(window / 4));
}
