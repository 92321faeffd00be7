import { type BigIntStats, promises as files, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { makeFolder } from "../../system/make-folder.ts";

/** Whoever holds a file for longer was killed while it did. Milliseconds. */
const longest = 3_000;

/** Reads and writes a file with no other fcc in between: each of two at once would write what it has read, and forget what the other wrote. */
export async function inTurn<Result>(path: string, act: () => Promise<Result>): Promise<Result> {
  makeFolder(dirname(path));
  const lock = `${path}.lock`;
  let holder: string | undefined;
  for (let since = performance.now(); !(await taken(lock, path)); await wait(10 + 20 * Math.random())) {
    const now = await holderOf(lock);
    // Where many wait, the lock goes from one to the next, and none of them was killed.
    if (now !== holder) since = performance.now();
    holder = now;
    if (performance.now() - since >= longest) removeIfStill(lock, holder);
  }
  try {
    return await act();
  } finally {
    await files.rm(lock, { force: true });
  }
}

/** Another one whenever the lock was taken anew; undefined: it is free. */
async function holderOf(lock: string): Promise<string | undefined> {
  return nameOf(await files.stat(lock, { bigint: true }).catch(() => undefined));
}

const nameOf = (stats: BigIntStats | undefined) => stats && `${stats.ino} ${stats.mtimeNs}`;

/** Without a pause between the look and the removal: in one, another that waits removes the lock as well, and takes it. */
function removeIfStill(lock: string, holder: string | undefined): void {
  if (nameOf(statSync(lock, { bigint: true, throwIfNoEntry: false })) === holder) rmSync(lock, { force: true });
}

async function taken(lock: string, path: string): Promise<boolean> {
  try {
    await (await files.open(lock, "wx", 0o600)).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw Object.assign(error as NodeJS.ErrnoException, { path, syscall: "write" });
  }
}
