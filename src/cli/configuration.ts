import { type Configuration, loadConfiguration } from "../config/index.ts";
import { rows } from "../providers/index.ts";
import type { Context } from "./program.ts";
import { askForTrust } from "./trust-question.ts";

/** The configuration for a command that only looks at it; its errors and notices are told. Undefined: told, exit 2. */
export async function readConfiguration({ options, output }: Context): Promise<Configuration | undefined> {
  const loaded = await loadConfiguration({ cwd: process.cwd(), env: process.env, rows, options, decide: askForTrust });
  if (loaded.error) {
    output.fail(loaded.error.lines);
    return undefined;
  }
  for (const notice of loaded.notices) output.say(notice);
  return loaded;
}

export function print(lines: readonly string[]): number {
  process.stdout.write(lines.length === 0 ? "" : `${lines.join("\n")}\n`);
  return 0;
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
