import { type Document, isAlias, isMap, isScalar, isSeq, type Scalar, type Node as YamlNode } from "yaml";
import type { Path } from "./tree.ts";

/** Where each value stands. Lines count from 1; a map's entry stands where its key does. */
export interface Place {
  readonly line: number;
  readonly keys?: ReadonlyMap<string, Place>;
  readonly items?: readonly Place[];
}

/** The line of a place in the text; the first one for what stands nowhere. */
export type LineOf = (offset: number | undefined) => number;

/** `detail` may repeat what stands in the file, so it is not for files that are not trusted. */
export interface DocumentProblem {
  readonly line: number;
  readonly text: string;
  readonly detail?: string;
}

/** `$import` is how cosmiconfig loads (and runs) another file; `__proto__` is how data becomes behaviour. */
const refusedKeys = ["$import", "__proto__"];

/** The system takes it in no path, argument or variable; an escape in quotes brings it past the reader of the file. */
const nul = "\\0 can stand in no name and no value";
const holdsNul = (text: unknown) => typeof text === "string" && text.includes("\0");

/** Where all that stands below a node does, and what may not stand there. */
export function placesBelow(
  root: YamlNode | null,
  document: Document.Parsed,
  lineOf: LineOf,
): { readonly place: Place; readonly problems: readonly DocumentProblem[] } {
  const problems: DocumentProblem[] = [];
  const placeOf = (node: YamlNode | null, line: number): Place => {
    const resolved = isAlias(node) ? node.resolve(document) : node;
    if (isSeq(resolved))
      return { line, items: resolved.items.map((item) => placeOf(item as YamlNode, lineOf((item as YamlNode).range?.[0]))) };
    if (isScalar(resolved) && holdsNul(resolved.value)) problems.push({ line, text: nul });
    if (!isMap(resolved)) return { line };
    const keys = new Map<string, Place>();
    const merged: [string, Place][] = [];
    for (const { key, value } of resolved.items) {
      const name = isScalar(key) ? String(key.value) : "";
      const keyLine = lineOf((key as YamlNode | null)?.range?.[0]);
      if (refusedKeys.includes(name)) problems.push({ line: keyLine, text: `the key ${name} is refused` });
      if (holdsNul(name)) problems.push({ line: keyLine, text: nul });
      const place = placeOf(value as YamlNode | null, keyLine);
      if (isMergeKey(key)) for (const { keys: theirs } of place.items ?? [place]) merged.push(...(theirs ?? []));
      else keys.set(name, place);
    }
    // What the map has itself counts, then what it takes over first.
    for (const [name, place] of merged) if (!keys.has(name)) keys.set(name, place);
    return { line, keys };
  };
  const line = lineOf(root?.range?.[0]);
  try {
    return { place: placeOf(root, line), problems };
  } catch (error) {
    // An alias inside its own anchor has no end.
    if (!(error instanceof RangeError)) throw error;
    return { place: { line }, problems: [...problems, { line: 1, text: "nested without end" }] };
  }
}

/** Quoted it is a name like any other. */
export const isMergeKey = (key: unknown): key is Scalar.Parsed => isScalar(key) && key.value === "<<" && key.type === "PLAIN";

/** The line of the value at `path`, or of the nearest thing around it that was written. A number meets no list where a short form was written. */
export function lineAt(place: Place, path: Path): number {
  let here = place;
  for (const key of path) {
    if (typeof key === "number" && here.items === undefined) continue;
    const next = typeof key === "number" ? here.items?.[key] : here.keys?.get(key);
    if (next === undefined) break;
    here = next;
  }
  return here.line;
}

/** A path of the long form as the file has it: without the keys and numbers that a short form leaves out. */
export function writtenPath(place: Place, path: Path): Path {
  let here: Place | undefined = place;
  return path.filter((key) => {
    const inside: Place["keys"] | Place["items"] = typeof key === "number" ? here?.items : here?.keys;
    if (here !== undefined && inside === undefined) return false;
    here = typeof key === "number" ? here?.items?.[key] : here?.keys?.get(key);
    return true;
  });
}
