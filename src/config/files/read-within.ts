import { closeSync, openSync, readSync } from "node:fs";

/** The text of a file of so many bytes at most. A device may have no end, and what the kernel makes up says to be empty. */
export function readWithin(path: string, most: number): string {
  const file = openSync(path, "r");
  try {
    const parts: Buffer[] = [];
    for (let left = most; ; ) {
      const part = Buffer.alloc(Math.min(left + 1, 65_536));
      const length = readSync(file, part);
      if (length === 0) return Buffer.concat(parts).toString("utf8");
      if (length > left) throw new Error(`it is longer than ${most} bytes`);
      left -= length;
      parts.push(part.subarray(0, length));
    }
  } finally {
    closeSync(file);
  }
}
