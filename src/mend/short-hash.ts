import { createHash } from "node:crypto";

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** `length` letters and digits that stand for a text; the same text always has the same. Up to 32. */
export function shortHash(text: string, length: number): string {
  const bytes = createHash("sha256").update(text).digest();
  let hash = "";
  for (let index = 0; index < length; index += 1) hash += letters[(bytes[index] ?? 0) % letters.length] ?? "";
  return hash;
}
