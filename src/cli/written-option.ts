/** The name of an option as its help spells it: `--trace` of `--trace <file>`. */
export const nameOf = (spelling: string): string => spelling.split(" ")[0] ?? spelling;

/** Whether it takes a value. */
export const takesValue = (spelling: string): boolean => spelling.includes(" ");

/** An option as somebody wrote it, `--trace` or `--trace=file`: its name, and what is written onto it. No name: it is none. */
export function partsOf(word: string): { readonly name?: string | undefined; readonly value?: string | undefined } {
  const [, name, value] = /^(--[a-z-]+)(?:=(.*))?$/s.exec(word) ?? [];
  return { name, value };
}
