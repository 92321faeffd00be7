/**
 * Tool ids must match `^[a-zA-Z0-9_-]+$` for Messages clients, while some models must get their own form back (Kimi's
 * `functions.Read:0`). Such an id goes out encoded and comes back decoded, with nothing to remember in between.
 */
const mark = "toolu_fcc_";

export function idForClient(id: string): string {
  return /^[\w-]+$/.test(id) ? id : mark + Buffer.from(id, "utf8").toString("base64url");
}

export function idFromClient(id: string): string {
  return id.startsWith(mark) ? Buffer.from(id.slice(mark.length), "base64url").toString("utf8") : id;
}
