/**
 * All tokens of a prompt, where what was read from the cache is a part of it on both of OpenAI's wires. Some of xAI's models count it beside the
 * prompt (vercel/ai#12485), which shows where it is more than the prompt; a total that has the prompt alone says that the figure is wrong.
 */
export function wholeInput(input: number, cacheRead: number, output: number | undefined, total: number | undefined): number {
  return cacheRead > input && total !== input + (output ?? 0) ? input + cacheRead : input;
}
