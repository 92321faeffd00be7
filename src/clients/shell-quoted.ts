/** A word in quotes between which nothing means anything to a POSIX shell. */
export const shellQuoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
