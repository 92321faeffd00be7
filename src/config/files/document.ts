import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Scalar,
  visit,
  type YAMLError,
  type Node as YamlNode,
} from "yaml";
import { parseJsonFile } from "./parse-json-file.ts";
import { isTree, type Path, type Tree } from "./tree.ts";

/** Where each value stands. Lines count from 1; a map's entry stands where its key does. */
export interface Place {
  readonly line: number;
  readonly keys?: ReadonlyMap<string, Place>;
  readonly items?: readonly Place[];
}

export type ParsedDocument =
  | { readonly value: Tree; readonly place: Place; readonly problems?: undefined }
  | { readonly problems: readonly DocumentProblem[] };

/** `detail` may repeat what stands in the file, so it is not for files that are not trusted. */
export interface DocumentProblem {
  readonly line: number;
  readonly text: string;
  readonly detail?: string;
}

const maxBytes = 65_536;
/** A file within the size limit can still unfold to gigabytes by aliases of aliases. */
const maxAliases = 50;
const maxSyntaxProblems = 5;
/** `$import` is how cosmiconfig loads (and runs) another file; `__proto__` is how data becomes behaviour. */
const refusedKeys = ["$import", "__proto__"];

/** YAML 1.2, of which JSON is a part, with the merge key `<<` of YAML 1.1. `under` reads only the value below that key of the root (package.json). */
export function parseText(text: string, format: "json" | "yaml", under?: string): ParsedDocument {
  if (under === undefined && Buffer.byteLength(text) > maxBytes) return { problems: [{ line: 1, text: "the file is larger than 64 KB" }] };
  // What Windows PowerShell writes with `>`.
  if (text.includes("\0")) return { problems: [{ line: 1, text: "the file is no UTF-8 text: save it as UTF-8" }] };
  const lines = new LineCounter();
  const lineOf = (offset: number | undefined) => (offset === undefined ? 1 : Math.max(1, lines.linePos(offset).line));
  const name = format === "json" ? "JSON" : "YAML";
  let document: Document.Parsed | undefined;
  let value: unknown;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true, merge: format === "yaml" });
    const wrong: readonly YAMLError[] = [...document.errors, ...document.warnings];
    if (wrong.length > 0) return { problems: syntaxProblems(wrong, name, lineOf) };
    if (format === "json") parseJsonFile(text);
    value = document.toJS({ maxAliasCount: maxAliases }) ?? {};
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (/alias count/i.test(message))
      return { problems: [{ line: 1, text: "too many aliases: refused, since they can unfold without end" }] };
    if (document !== undefined && /^merge sources/i.test(message))
      return { problems: [{ line: lineOf(oddMerge(document)), text: "<< takes a map, or a list of maps" }] };
    return { problems: [{ line: 1, text: `not well-formed ${name}`, detail: message }] };
  }
  let root: YamlNode | null = document.contents;
  if (under !== undefined) {
    root = isMap(root) ? (root.get(under, true) as YamlNode) : null;
    value = isTree(value) ? value[under] : undefined;
    if (Buffer.byteLength(JSON.stringify(value) ?? "") > maxBytes)
      return { problems: [{ line: 1, text: `"${under}" is larger than 64 KB` }] };
  }
  const { place, problems } = placesBelow(root, document, lineOf);
  if (problems.length > 0) return { problems };
  if (!isTree(value))
    return { problems: [{ line: place.line, text: `${under === undefined ? "" : `"${under}" `}must be a map of keys and values` }] };
  return { value, place };
}

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

function syntaxProblems(wrong: readonly YAMLError[], name: string, lineOf: (offset: number) => number): DocumentProblem[] {
  const seen = new Set<number>();
  return wrong
    .map((error) => ({ line: lineOf(error.pos[0]), ...syntaxText(error, name) }))
    .filter(({ line }) => !seen.has(line) && seen.add(line))
    .slice(0, maxSyntaxProblems);
}

function syntaxText({ code, message }: YAMLError, name: string): Pick<DocumentProblem, "text" | "detail"> {
  if (code === "DUPLICATE_KEY") return { text: "this key stands twice" };
  if (code === "NON_STRING_KEY") return { text: "a key must be a plain name" };
  if (code === "RESOURCE_EXHAUSTION") return { text: "nested too deep" };
  if (code === "MULTIPLE_DOCS") return { text: "more than one document in the file" };
  return { text: `not well-formed ${name}`, detail: message };
}

/** Where all that stands below a node does, and what may not stand there. */
function placesBelow(
  root: YamlNode | null,
  document: Document.Parsed,
  lineOf: (offset: number | undefined) => number,
): { readonly place: Place; readonly problems: readonly DocumentProblem[] } {
  const problems: DocumentProblem[] = [];
  const placeOf = (node: YamlNode | null, line: number): Place => {
    const resolved = isAlias(node) ? node.resolve(document) : node;
    if (isSeq(resolved))
      return { line, items: resolved.items.map((item) => placeOf(item as YamlNode, lineOf((item as YamlNode).range?.[0]))) };
    if (!isMap(resolved)) return { line };
    const keys = new Map<string, Place>();
    const merged: [string, Place][] = [];
    for (const { key, value } of resolved.items) {
      const name = isScalar(key) ? String(key.value) : "";
      const keyLine = lineOf((key as YamlNode | null)?.range?.[0]);
      if (refusedKeys.includes(name)) problems.push({ line: keyLine, text: `the key ${name} is refused` });
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
const isMergeKey = (key: unknown): key is Scalar.Parsed => isScalar(key) && key.value === "<<" && key.type === "PLAIN";

/** Where the first merge of something that is no map begins. */
function oddMerge(document: Document.Parsed): number | undefined {
  const resolve = (node: unknown) => (isAlias(node) ? node.resolve(document) : node);
  let start: number | undefined;
  visit(document, {
    Pair(_, { key, value }) {
      if (!isMergeKey(key)) return undefined;
      const from = resolve(value);
      if ((isSeq(from) ? from.items.map(resolve) : [from]).every(isMap)) return undefined;
      start = key.range[0];
      return visit.BREAK;
    },
  });
  return start;
}
