/** V8 parses JSON of any depth, but up to Node 24 it runs out of stack when it writes some thousand levels of nesting. */
export function isTooDeep(error: unknown): boolean {
  return error instanceof RangeError && /call stack/i.test(error.message);
}
