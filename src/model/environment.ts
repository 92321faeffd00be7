/** Variables by name, as a process has them; undefined is one that is not set. */
export type Environment = Readonly<Record<string, string | undefined>>;
