import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach } from "vitest";

const make = () => realpathSync(mkdtempSync(join(tmpdir(), "fcc test ")));
const remove = (folder: string) => rmSync(folder, { recursive: true, force: true });

/** An empty folder for the tests of the file, or of the block, that calls it. */
export function folderOfAllTests(): string {
  const folder = make();
  afterAll(() => remove(folder));
  return folder;
}

/** Another empty folder for each of them. */
export function folderOfEachTest(): () => string {
  let folder = "";
  beforeEach(() => {
    folder = make();
  });
  afterEach(() => remove(folder));
  return () => folder;
}
