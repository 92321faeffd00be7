export type Silence = ReturnType<typeof afterSilence>;

/**
 * Calls back once, so many milliseconds after the last time that something came. After a process has stood still (^Z, a paused container) timers run
 * before anything is read of what came in the meantime: that is let come first.
 */
export function afterSilence(limit: number, then: () => void) {
  let last: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    last = setImmediate(then);
  }, limit);
  return {
    /** Something came. */
    again() {
      clearImmediate(last);
      timer.refresh();
    },
    end() {
      clearImmediate(last);
      clearTimeout(timer);
    },
  };
}
