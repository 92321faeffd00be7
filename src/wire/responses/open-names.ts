import { createHash } from "node:crypto";

/** OpenAI refuses a `call_id` beyond 64 characters; fcc's own wire ids and those of some servers are longer. */
const longest = 64;

/** The id to send for the id of a call. The same id gives the same one in every request, so that prompt caches hold. */
export function shortenCallId(id: string): string {
  if (id.length <= longest) return id;
  return `${id.slice(0, longest - 17)}_${hash(id)}`;
}

/**
 * Names as the wire takes them (letters, digits, `_`, `-`; `longest` at most), and back. Names that are legal stay; two that would
 * fall together get a hash of the whole name, which also keeps each name the same whatever other tools there are.
 */
export function createToolNames(names: Iterable<string>, longestName: number): { out(name: string): string; back(name: string): string } {
  const known = new Map<string, string>();
  const out = (name: string): string => {
    if (/^[a-zA-Z0-9_-]+$/.test(name) && name.length <= longestName) return name;
    const legal = name.replace(/[^a-zA-Z0-9_-]/g, "_").slice(0, longestName - 9);
    return `${legal}_${hash(name).slice(0, 8)}`;
  };
  for (const name of names) known.set(out(name), name);
  return { out, back: (name) => known.get(name) ?? name };
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
