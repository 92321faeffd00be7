const newline = 0x0a;
const carriageReturn = 0x0d;
const colon = 0x3a;

/** Whether what was cut is no event: a comment or a blank line, of which a stream may have as many as it has bytes. */
export const isNoEvent = ({ 0: first }: Buffer) => first === colon || first === newline || first === carriageReturn;

/** The most that is kept of one event, in bytes: what goes beyond all measure is cut where it stands. */
const longest = 64 * 1024 * 1024;

/**
 * Cuts the bytes of a stream of server-sent events behind each blank line and each comment before an event. For lines that end in LF or CRLF, as
 * all servers write them; between lines that end in CR alone nothing is cut.
 */
export function cutEvents() {
  let rest: Buffer[] = [];
  let kept = 0;
  /** How much of the last line has come, and its last byte. */
  let length = 0;
  let last: number | undefined;
  return {
    /** The events that are whole with these bytes, each with its blank line, and comments. */
    push(bytes: Buffer): readonly Buffer[] {
      const whole: Buffer[] = [];
      let event = 0;
      let line = 0;
      for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, line)) {
        const before = end > line ? bytes[end - 1] : last;
        length += end - line;
        line = end + 1;
        const isBlank = length === 0 || (length === 1 && before === carriageReturn);
        if (isBlank || (rest[0]?.[0] ?? bytes[event]) === colon) {
          const come = bytes.subarray(event, line);
          whole.push(rest.length === 0 ? come : Buffer.concat([...rest, come]));
          rest = [];
          kept = 0;
          event = line;
        }
        length = 0;
      }
      length += bytes.length - line;
      last = bytes.at(-1);
      if (event === bytes.length) return whole;
      rest.push(bytes.subarray(event));
      kept += bytes.length - event;
      if (kept <= longest) return whole;
      const cut = Buffer.concat(rest);
      rest = [];
      kept = 0;
      return [...whole, cut];
    },
    /** What has come of the next one. */
    rest: (): readonly Buffer[] => rest,
  };
}
