/** A command as one would type it. */
export function shellWords(command: readonly string[]): string {
  return command.map(shellWord).join(" ");
}

export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A path as one would type it: as it is shown where that needs no quotes, in which `~` would be no home. */
export function shellPath(path: string, shown: string): string {
  const rest = shown.replace(/^~\//, "");
  return shellWord(rest) === rest ? shown : shellWord(path);
}
