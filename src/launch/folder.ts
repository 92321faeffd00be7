import { randomBytes } from "node:crypto";
import { lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive, markForm, markOfProcess } from "./alive.ts";

const nameOfOne = new RegExp(`^fcc-(${markForm})-[A-Za-z0-9]{6}$`);

export interface PrivateFolder {
  readonly path: string;
  write(name: string, content: string): void;
  remove(): void;
}

/**
 * A folder that only this user can read, for as long as one launch lives. Its name says which process it belongs to, so that a later
 * launch knows what a killed one left behind: `fcc-<mark of that process>-<random>`.
 */
export function createFolder(temporary: string): PrivateFolder {
  // mkdtemp makes it with 0700.
  const path = mkdtempSync(join(temporary, `fcc-${markOfProcess()}-`));
  return {
    path,
    write: (name, content) => writeFileSync(join(path, name), content, { mode: 0o600, flag: "wx" }),
    remove() {
      try {
        rmSync(path, { recursive: true, force: true });
      } catch {
        // Something that the client left behind still writes into it: the next launch removes it.
      }
    },
  };
}

/** A name of the same kind, for a folder elsewhere that is this process's own. */
export function nameOfOwn(): string {
  return `fcc-${markOfProcess()}-${randomBytes(3).toString("hex")}`;
}

/** Removes what killed launches left in a folder. Never fails a launch: what cannot be removed stays for the next one. */
export function removeLeftOvers(folder: string): void {
  const uid = process.getuid?.();
  try {
    for (const name of readdirSync(folder)) {
      const owner = nameOfOne.exec(name);
      if (owner === null || isAlive(owner[1] ?? "")) continue;
      const path = join(folder, name);
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (found?.isDirectory() && (uid === undefined || found.uid === uid)) rmSync(path, { recursive: true, force: true });
    }
  } catch {
    // There is none, or what is in it went away meanwhile.
  }
}
