import { Aborted } from "./errors.ts";

/** How long a request is waited for: until something is late, or nobody wants it any more. */
export interface Patience {
  /** Waits so many milliseconds for what comes next, and for nothing else. */
  wait(limit: number, late: () => Error): void;
  /** It came, and the next is waited for as long. */
  again(): void;
  /** Nothing is waited for now. */
  rest(): void;
  /** The request is over. */
  end(): void;
}

export function createPatience(signal: AbortSignal | undefined, giveUp: (why: Error) => void): Patience {
  let timer: NodeJS.Timeout | undefined;
  let last: NodeJS.Immediate | undefined;
  const rest = () => {
    clearTimeout(timer);
    clearImmediate(last);
  };
  const abort = () => giveUp(new Aborted());
  signal?.addEventListener("abort", abort, { once: true });
  return {
    wait(limit, late) {
      rest();
      // After a process has stood still (^Z, a paused container) timers run before anything is read of what came in the meantime.
      timer = setTimeout(() => {
        last = setImmediate(() => giveUp(late()));
      }, limit);
    },
    again() {
      clearImmediate(last);
      timer?.refresh();
    },
    rest,
    end() {
      rest();
      signal?.removeEventListener("abort", abort);
    },
  };
}
