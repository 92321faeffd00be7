import { randomBytes } from "node:crypto";
import type { Ids } from "../model/stage.ts";

const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const length = 24;

/** Letters and digits, as the providers' own ids have them. */
export const randomIds: Ids = {
  next(prefix) {
    let id = prefix;
    // 62 does not divide 256: the few bytes over are folded, which costs nothing that an id needs.
    for (const byte of randomBytes(length)) id += letters[byte % letters.length];
    return id;
  },
};
