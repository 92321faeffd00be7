import { createHash } from "node:crypto";
import { promises as files, readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { writePrivateFile } from "../config/private-file.ts";
import type { Opening } from "../route/opening.ts";

/** The openings of conversations that clients sent from a folder, for the next time. */
export interface Openings {
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
export interface Occasion {
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
    try {
      const text = readFileSync(join(folder, name), "utf8");
      const opening = JSON.parse(text) as Partial<Opening>;
      const whole = typeof opening.wire === "string" && typeof opening.fields === "object" && Array.isArray(opening.leading);
      return whole && opening.fields !== null ? (opening as Opening) : undefined;
    } catch {
      return undefined;
    }
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
