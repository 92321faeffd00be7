import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { endGroup } from "../system/group.ts";
import { makeFolder } from "../system/make-folder.ts";
import { isAlive, markForm, markOfProcess } from "./alive.ts";
import { startOf } from "./process-start.ts";

const folderIn = (cache: string) => join(cache, "beside");
const noteName = new RegExp(`^(${markForm})-(\\d+)-(\\d+)$`);

/**
 * Writes down a process group that this launch has started, for the case that it is killed: an empty file whose name says who started what,
 * `<mark of the launch>-<pid>-<start of the group's leader>`. Answers what takes the note away again.
 */
export function noteGroup(cache: string, leader: number): () => void {
  const start = startOf(leader);
  if (start === undefined) return () => {};
  const file = join(folderIn(cache), `${markOfProcess()}-${leader}-${start}`);
  try {
    makeFolder(folderIn(cache));
    writeFileSync(file, "", { mode: 0o600 });
  } catch {
    // Without a cache folder only a killed launch leaves something behind.
  }
  return () => removeNote(file);
}

/**
 * Ends what killed launches left running. A process counts as theirs only where its start time is the one that was noted: numbers come
 * round again, and nothing else is ever ended. The note goes when the process has gone, at the latest with the launch after this one.
 */
export async function endLeftOvers(cache: string): Promise<void> {
  let names: readonly string[];
  try {
    names = readdirSync(folderIn(cache));
  } catch {
    return;
  }
  await Promise.all(
    names.map(async (name) => {
      const [, owner = "", leader = "", start = ""] = noteName.exec(name) ?? [];
      if (owner === "" || isAlive(owner)) return;
      const isTheirs = () => Number(leader) > 1 && startOf(Number(leader)) === Number(start);
      if (isTheirs()) await endGroup(Number(leader));
      if (!isTheirs()) removeNote(join(folderIn(cache), name));
    }),
  );
}

function removeNote(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // No folder is there, or nothing in it may be changed: a note that stays is looked at again by each launch.
  }
}
