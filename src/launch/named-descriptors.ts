import { fstatSync } from "node:fs";

/** What a shell writes for `<(command)` and `>(command)`, alone or behind `--option=`. */
const named = /(?:^|[=@])\/(?:dev|proc\/self)\/fd\/(\d+)$/;

/**
 * What of standard input and output a program has beyond the first three: the open files that its arguments name by number. Node keeps the
 * numbers up to 15 from the programs that it starts (libuv, uv_disable_stdio_inheritance), and zsh numbers from 11 on.
 */
export function namedDescriptors(args: readonly string[]): readonly ("ignore" | "inherit")[] {
  const passed: ("ignore" | "inherit")[] = [];
  for (const argument of args) {
    const descriptor = Number(named.exec(argument)?.[1] ?? 0);
    if (descriptor < 3 || !isOpenFile(descriptor)) continue;
    while (passed.length <= descriptor - 3) passed.push("ignore");
    passed[descriptor - 3] = "inherit";
  }
  return passed;
}

/** Sockets are none: they may be fcc's own. */
function isOpenFile(descriptor: number): boolean {
  try {
    const stat = fstatSync(descriptor);
    return stat.isFIFO() || stat.isFile();
  } catch {
    return false;
  }
}
