import { randomFillSync } from "node:crypto";
import type { Ids } from "../model/stage.ts";

const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const length = 24;
/** Drawn many at a time: asking the system for each id is the dearest part of it. */
const drawn = Buffer.alloc(length * 128);
let used = drawn.length;

/** Letters and digits, as the providers' own ids have them. */
export const randomIds: Ids = {
  next(prefix) {
    if (used === drawn.length) {
      randomFillSync(drawn);
      used = 0;
    }
    let id = prefix;
    // 62 does not divide 256: the few bytes over are folded, which costs nothing that an id needs.
    for (const byte of drawn.subarray(used, used + length)) id += letters[byte % letters.length];
    used += length;
    return id;
  },
};
