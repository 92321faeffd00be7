import { shortHash } from "./short-hash.ts";

/**
 * Ids of calls that are longer than clients and other providers take. No short one can carry them, so that what stands for one is known as
 * long as the launch; after it the provider gets the short one, in call and result alike.
 */
export interface LongIds {
  /** What stands for an id; another one for each `round`. */
  shorten(id: string, round: number): string;
  /** The id for which one of ours stands; undefined for any other, and for those of other makers. */
  original(id: string): string | undefined;
}

/** Longer than any server's; such a one is shortened for good. */
const longestKept = 1024;

/** `maker`: whose ids they are. `most`: how many are kept, of all makers together. */
export function createLongIds(most = 4096): (maker: string) => LongIds {
  const known = new Map<string, string>();
  return (maker) => ({
    shorten(id, round) {
      const short = `call_${shortHash(round === 0 ? id : `${id}#${round}`, 32)}`;
      if (id.length <= longestKept) known.set(`${maker} ${short}`, id);
      for (const oldest of known.keys()) {
        if (known.size <= most) break;
        known.delete(oldest);
      }
      return short;
    },
    original: (id) => known.get(`${maker} ${id}`),
  });
}
