import { shellQuoted } from "../clients/shell-quoted.ts";

/** A command as one would type it. */
export function shellWords(command: readonly string[]): string {
  return command.map((word) => shellWord(word)).join(" ");
}

/** On Windows in the quotes that cmd.exe, PowerShell and Git Bash all know. */
export function shellWord(word: string, platform = process.platform): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return platform === "win32" ? `"${word.replaceAll('"', '\\"')}"` : shellQuoted(word);
}

/** A path as one would type it: as it is shown where that needs no quotes, in which `~` would be no home. */
export function shellPath(path: string, shown: string): string {
  const rest = shown.replace(/^~\//, "");
  return shellWord(rest) === rest ? shown : shellWord(path);
}
