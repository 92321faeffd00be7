import { randomBytes } from "node:crypto";
import { promises as files } from "node:fs";
import { basename, dirname, join } from "node:path";
import { rename } from "../../system/rename.ts";

/**
 * Writes a file whole or not at all: a crash or a second fcc never leaves half of it. Its folder is there. `had` are the rights of the file
 * that it takes the place of; `fresh` are those of a new one.
 */
export async function replaceFile(
  path: string,
  content: string,
  { fresh, had }: { readonly fresh: number; readonly had?: number | undefined },
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(6).toString("hex")}`);
  try {
    const file = await files.open(temporary, "wx", had ?? fresh);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    // The process's mask may have taken rights away that the file had.
    if (had !== undefined) await files.chmod(temporary, had);
    await rename(temporary, path);
  } catch (error) {
    await files.rm(temporary, { force: true }).catch(() => {});
    // Nobody knows the temporary name, and which step was refused is of no interest.
    throw Object.assign(error as NodeJS.ErrnoException, { path, syscall: "write" });
  }
}
