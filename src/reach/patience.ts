import { Aborted } from "./errors.ts";
import { afterSilence, type Silence } from "./silence.ts";

/** How long a request is waited for: until something is late, or nobody wants it any more. */
interface Patience {
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
  let silence: Silence | undefined;
  const rest = () => {
    silence?.end();
    silence = undefined;
  };
  const abort = () => giveUp(new Aborted());
  signal?.addEventListener("abort", abort, { once: true });
  return {
    wait(limit, late) {
      rest();
      silence = afterSilence(limit, () => giveUp(late()));
    },
    again: () => silence?.again(),
    rest,
    end() {
      rest();
      signal?.removeEventListener("abort", abort);
    },
  };
}
