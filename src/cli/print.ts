/** What a command was asked for, on standard output. Answers the exit code of one that could. */
export function print(lines: readonly string[]): number {
  process.stdout.write(lines.length === 0 ? "" : `${lines.join("\n")}\n`);
  return 0;
}

/** What programs read, as JSON. Names come from elsewhere: what would drive a terminal stands in it as an escape, which says the same. */
export function printJson(value: unknown): number {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return print([JSON.stringify(value, null, 2).replace(/[\u007f-\u009f\p{Bidi_Control}]/gu, escaped)]);
}

/** Aligned columns; the last is left as it is. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  return rows.map((row) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}
