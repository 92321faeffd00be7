import { createHash } from "node:crypto";
import { promises as files, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { writePrivateFile } from "../../../config/files/private-file.ts";
import { isObject } from "../../../model/json.ts";
import type { Opening } from "../../../route/opening.ts";
import { readCached } from "../../cache-file.ts";

/** The openings of conversations that clients sent from a folder, for the next time. */
interface Openings {
  last(): Opening | undefined;
  /** In the background; what cannot be kept is only missed. */
  keep(opening: Opening): void;
  /** Until what was to be kept is. */
  close(): Promise<void>;
}

/** Folders, clients and models that are remembered, and characters of each. */
const most = 32;
const longest = 1024 * 1024;

/** What one launch shares with the next one that will begin in the same way. */
interface Occasion {
  /** This version of fcc: another one may write requests in another way. */
  readonly version: string;
  /** The client's program, whose every version brings its own prompt. */
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly target: string;
}

/** Each in a file that only the user can read: instructions hold the names of folders and what a project says of itself. */
export function openingsFor(cache: string, occasion: Occasion): Openings {
  const folder = join(cache, "openings");
  const name = `${createHash("sha256")
    .update(JSON.stringify(nameOf(occasion)))
    .digest("hex")
    .slice(0, 32)}.json`;
  let keeping: Promise<void> = Promise.resolve();
  const last = (): Opening | undefined => {
    const kept = readCached(join(folder, name));
    if (!isObject(kept) || typeof kept.wire !== "string" || !isObject(kept.fields) || !Array.isArray(kept.leading)) return undefined;
    return kept as unknown as Opening;
  };
  return {
    last,
    keep(opening) {
      const text = JSON.stringify(opening);
      if (text.length > longest || text === JSON.stringify(last())) return;
      keeping = writePrivateFile(join(folder, name), text)
        .then(() => forgetOldest(folder))
        .catch(() => {});
    },
    close: () => keeping,
  };
}

/** Names of options only: what they are given may be the question itself. */
function nameOf({ args, program, ...others }: Occasion): unknown {
  const options = args.filter((arg) => /^--?[A-Za-z]/.test(arg)).map((arg) => arg.split("=")[0]);
  try {
    const real = realpathSync(program);
    const { size, mtimeMs } = statSync(real);
    return { ...others, options, program: [real, size, mtimeMs] };
  } catch {
    return { ...others, options, program };
  }
}

async function forgetOldest(folder: string): Promise<void> {
  const names = (await files.readdir(folder)).filter((name) => name.endsWith(".json"));
  if (names.length <= most) return;
  const dated = await Promise.all(names.map(async (name) => ({ name, at: (await files.stat(join(folder, name))).mtimeMs })));
  const oldest = dated.sort((a, b) => a.at - b.at).slice(0, names.length - most);
  await Promise.all(oldest.map(({ name }) => files.rm(join(folder, name), { force: true })));
}
