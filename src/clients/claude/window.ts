/**
 * Claude Code compacts at about `window - min(maxOutput, 20000) - 13000`, and what it sends then still has to leave room for the
 * output it asks for. Its own default of 32,000 fits exactly that room; a smaller window needs a smaller output, or every turn compacts.
 */
const compactionReserve = 13_000;
const conversation = 16_000;
/**
 * After a compaction the client puts back up to five files that were read last, 5,000 tokens of each; where they fill the room again
 * three times in a row, it gives up ("Autocompact is thrashing"). The conversation comes before a longer output until it has this.
 */
const conversationWithFiles = 40_000;
const usualOutput = 32_000;
const fairOutput = 8_192;
/** Below this, long answers end in "Output token limit hit". */
const leastOutput = 4_096;

/**
 * Claude Code sends nothing once a conversation has come within 3,000 tokens of the window without its output. Of a window below this
 * that leaves nothing: each turn would compact in vain. There the limit is the window itself, which the proxy watches anyway.
 */
export const smallWindow = 32_768;

/** Output tokens to ask for; both in tokens. */
export function outputFor(window: number, fixedPrompt: number, maxOutput = usualOutput): number {
  const room = window - compactionReserve - fixedPrompt;
  const fair = Math.min(fairOutput, room - conversation);
  return Math.min(maxOutput, usualOutput, Math.max(leastOutput, fair, room - conversationWithFiles));
}
