import { createHash } from "node:crypto";

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** `length` letters and digits that stand for a text; the same text always has the same. Up to 32. */
export function shortHash(text: string, length: number): string {
  const bytes = createHash("sha256").update(text).digest().subarray(0, length);
  return Array.from(bytes, (byte) => letters.charAt(byte % letters.length)).join("");
}

/** Characters of a name that every provider takes. */
export const longestName = 64;

/** A name of that length at most: a readable beginning and a hash of the whole. */
export function shortName(readable: string, whole: string): string {
  return `${readable.slice(0, longestName - 9)}_${shortHash(whole, 8)}`;
}
