/** JSON is read to any depth, but not written: up to Node 24 V8 gives up where the stack ends, some thousand levels down. */
export function isTooDeep(error: unknown): boolean {
  return error instanceof RangeError && /call stack/i.test(error.message);
}
