import { promises as files } from "node:fs";
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
    if (performance.now() - since >= longest) await files.rm(lock, { force: true });
  }
  try {
    return await act();
  } finally {
    await files.rm(lock, { force: true });
  }
}

/** Another one whenever the lock was taken anew; undefined: it is free. */
async function holderOf(lock: string): Promise<string | undefined> {
  const { ino, mtimeNs } = (await files.stat(lock, { bigint: true }).catch(() => undefined)) ?? {};
  return ino === undefined ? undefined : `${ino} ${mtimeNs}`;
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
