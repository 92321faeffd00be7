import { updateSettings } from "@clack/prompts";

// Without this ^D closes the input underneath a question: nothing is left to wait for, and fcc ends with 0 as if all had been done.
updateSettings({ aliases: { "\x04": "cancel" } });

// A serial console says that it is 0 by 0 (`stty size`), and so may a container's terminal: each character would stand on a line of its own.
process.stderr.columns ||= 80;
process.stderr.rows ||= 24;

/** The questions, of which ^D is a way out as well. */
export * from "@clack/prompts";

/** What stands beside a spinner, on one line: it takes away what it wrote as if its sign and its dots took no room. */
export function besideSpinner(text: string, columns = 80): string {
  const room = Math.max(1, columns - "x  ...".length - 1);
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}
