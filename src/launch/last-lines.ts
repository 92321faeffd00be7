import type { Readable } from "node:stream";

/** Lines that are kept, and characters of each. */
const kept = 20;
const longest = 500;

/** The last lines of some outputs, a list that is kept up to date while they are read. */
export function lastLines(outputs: readonly (Readable | null)[], onLine: (line: string) => void = () => {}): readonly string[] {
  const lines: string[] = [];
  const add = (line: string) => {
    if (line.trim() === "") return;
    lines.push(line.slice(0, longest));
    if (lines.length > kept) lines.shift();
    onLine(line);
  };
  for (const output of outputs) eachLine(output, add);
  return lines;
}

/** Of a line that is still open only the end is kept, so that one without an end takes no memory. */
function eachLine(stream: Readable | null, add: (line: string) => void): void {
  let open = "";
  stream?.setEncoding("utf8").on("data", (text: string) => {
    const lines = (open + text).split(/\r?\n|\r/);
    open = (lines.pop() ?? "").slice(-longest);
    for (const line of lines) add(line);
  });
  stream?.on("end", () => add(open));
}
