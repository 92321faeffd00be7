/** A command as one would type it. */
export function shellWords(command: readonly string[]): string {
  return command.map(shellWord).join(" ");
}

export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
