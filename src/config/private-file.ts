import { randomBytes } from "node:crypto";
import { promises as files, readFileSync } from "node:fs";
import { dirname } from "node:path";

/** Writes a file that only its owner can read (0600 in a folder of 0700), whole or not at all: a crash or a second fcc never leaves half of it. */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  const folder = dirname(path);
  await files.mkdir(folder, { recursive: true, mode: 0o700 });
  await files.chmod(folder, 0o700);
  const temporary = `${path}.${process.pid}.${randomBytes(6).toString("hex")}`;
  try {
    const file = await files.open(temporary, "wx", 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await files.rename(temporary, path);
  } catch (error) {
    await files.rm(temporary, { force: true });
    throw error;
  }
}

/** Parsed JSON, or undefined where there is no such file or it is no JSON. */
export async function readJsonFile(path: string): Promise<unknown> {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
