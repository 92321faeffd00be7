/** Passes bytes on as they come, without the lines that begin with `start`. Only a line that may still be one of them is held back. */
export function createLineDropper(start: string): { push(bytes: Buffer): Buffer; end(): Buffer } {
  const wanted = Buffer.from(start);
  const newline = 0x0a;
  /** The beginning of a line that agrees with `start` so far. */
  let held: Buffer = Buffer.alloc(0);
  let state: "begin" | "pass" | "drop" = "begin";
  return {
    push(bytes) {
      const out: Buffer[] = [];
      let rest = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
      held = Buffer.alloc(0);
      while (rest.length > 0) {
        if (state === "begin") {
          const length = Math.min(rest.length, wanted.length);
          if (!rest.subarray(0, length).equals(wanted.subarray(0, length))) state = "pass";
          else if (rest.length < wanted.length) {
            held = rest;
            break;
          } else state = "drop";
        }
        const end = rest.indexOf(newline);
        const line = end < 0 ? rest : rest.subarray(0, end + 1);
        if (state === "pass") out.push(line);
        rest = rest.subarray(line.length);
        if (end >= 0) state = "begin";
      }
      return out.length === 1 && out[0] ? out[0] : Buffer.concat(out);
    },
    end() {
      const rest = held;
      held = Buffer.alloc(0);
      return rest;
    },
  };
}
