import { inTurn } from "./in-turn.ts";
import { readJsonFile, writePrivateFile } from "./private-file.ts";
import { isTree, type Tree } from "./tree.ts";

/** What fcc keeps from one launch to the next, by name, for the user alone. */
export interface Records<Entry> {
  all(): Readonly<Record<string, Entry>>;
  set(name: string, entry: Entry): Promise<void>;
  remove(names: readonly string[]): Promise<void>;
}

/**
 * Records in a file of JSON, under a key of its own.
 *
 * @param entryOf what an entry of the file says; one that says nothing is left out
 * @param read how the file is read: one that is no JSON is refused
 */
export function recordsIn<Entry>(
  path: string,
  under: string,
  entryOf: (written: Tree) => Entry | undefined,
  read = readJsonFile,
): Records<Entry> {
  const all = (): Readonly<Record<string, Entry>> => {
    const stored = read(path);
    const written = isTree(stored) && isTree(stored[under]) ? stored[under] : {};
    return Object.fromEntries(
      Object.entries(written).flatMap(([name, given]) => {
        const entry = isTree(given) ? entryOf(given) : undefined;
        return entry === undefined ? [] : [[name, entry]];
      }),
    );
  };
  const write = (change: (entries: [string, Entry][]) => readonly [string, Entry][]): Promise<void> =>
    inTurn(path, () => {
      const entries = Object.fromEntries(change(Object.entries(all())));
      return writePrivateFile(path, `${JSON.stringify({ version: 1, [under]: entries }, undefined, 2)}\n`);
    });
  return {
    all,
    set: (name, entry) => write((entries) => [...entries, [name, entry]]),
    remove: (names) => write((entries) => entries.filter(([name]) => !names.includes(name))),
  };
}
