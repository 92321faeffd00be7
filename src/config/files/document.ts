import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type YAMLError,
  type Node as YamlNode,
} from "yaml";
import { jsonFault } from "./json-fault.ts";
import { parseJsonFile } from "./parse-json-file.ts";
import { type DocumentProblem, isMergeKey, type LineOf, type Place, placesBelow } from "./place.ts";
import { isTree, type Tree } from "./tree.ts";

type ParsedDocument = { readonly value: Tree; readonly place: Place; readonly problems?: undefined } | Refused;

interface Refused {
  readonly problems: readonly DocumentProblem[];
}

const maxBytes = 65_536;
/** What finds the lines of a package.json takes seconds for each megabyte of it. */
const maxPackage = 1024 * 1024;
/** A file within the size limit can still unfold to gigabytes by aliases of aliases. */
const maxAliases = 50;
const maxSyntaxProblems = 5;

/** YAML 1.2, of which JSON is a part, with the merge key `<<` of YAML 1.1. `under` reads only the value below that key of the root (package.json). */
export function parseText(text: string, format: "json" | "yaml", under?: string): ParsedDocument {
  if (under === undefined && Buffer.byteLength(text) > maxBytes) return refused("the file is larger than 64 KB");
  if (text.length > maxPackage) return refused(`the file is larger than 1 MB: move what "${under}" says to a file .fccrc`);
  // What Windows PowerShell writes with `>`.
  if (text.includes("\0")) return refused(noUtf8);
  const lines = new LineCounter();
  const lineOf: LineOf = (offset) => (offset === undefined ? 1 : Math.max(1, lines.linePos(offset).line));
  const read = readDocument(text, format, lines, lineOf);
  if (read.problems !== undefined) return read;
  const { document } = read;
  let { value } = read;
  let root: YamlNode | null = document.contents;
  if (under !== undefined) {
    root = isMap(root) ? (root.get(under, true) as YamlNode) : null;
    value = isTree(value) ? value[under] : undefined;
    if (Buffer.byteLength(JSON.stringify(value) ?? "") > maxBytes) return refused(`"${under}" is larger than 64 KB`);
  }
  const { place, problems } = placesBelow(root, document, lineOf);
  if (problems.length > 0) return { problems };
  // What another encoding's letters become. In a comment they do no harm.
  const stray = text.indexOf("\ufffd");
  if (stray >= 0 && JSON.stringify(value)?.includes("\ufffd")) return refused(noUtf8, lineOf(stray));
  if (isTree(value)) return { value, place };
  return refused(`${under === undefined ? "" : `"${under}" `}must be a map of keys and values`, place.line);
}

const noUtf8 = "the file is no UTF-8 text: save it as UTF-8";

const refused = (text: string, line = 1): Refused => ({ problems: [{ line, text }] });

function readDocument(
  text: string,
  format: "json" | "yaml",
  lineCounter: LineCounter,
  lineOf: LineOf,
): { readonly document: Document.Parsed; readonly value: unknown; readonly problems?: undefined } | Refused {
  const name = format === "json" ? "JSON" : "YAML";
  // In fcc's own words, which repeat nothing of the file.
  const plainFault = (): Refused | undefined => {
    const fault = format === "json" ? jsonFault(text) : undefined;
    return fault && refused(`not well-formed JSON (${fault.detail})`, lineOf(fault.offset));
  };
  let document: Document.Parsed | undefined;
  try {
    document = parseDocument(text, { lineCounter, prettyErrors: false, stringKeys: true, merge: format === "yaml" });
    const wrong: readonly YAMLError[] = [...document.errors, ...document.warnings];
    if (wrong.length > 0) return plainFault() ?? { problems: syntaxProblems(wrong, name, lineOf, document) };
    if (format === "json") parseJsonFile(text);
    return { document, value: document.toJS({ maxAliasCount: maxAliases }) ?? {} };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (/alias count/i.test(message)) return refused("too many aliases: refused, since they can unfold without end");
    if (document !== undefined && /^merge sources/i.test(message))
      return refused("<< takes a map, or a list of maps", lineOf(oddMerge(document)));
    return plainFault() ?? { problems: [{ line: 1, text: `not well-formed ${name}`, detail: message }] };
  }
}

function syntaxProblems(wrong: readonly YAMLError[], name: string, lineOf: LineOf, document: Document): DocumentProblem[] {
  const seen = new Set<number>();
  return wrong
    .map((error) => ({ line: lineOf(error.pos[0]), ...syntaxText(error, name, document) }))
    .filter(({ line }) => !seen.has(line) && seen.add(line))
    .slice(0, maxSyntaxProblems);
}

function syntaxText(
  { code, message, pos: [start] }: YAMLError,
  name: string,
  document: Document,
): Pick<DocumentProblem, "text" | "detail"> {
  if (code === "DUPLICATE_KEY") return { text: `the key "${keyAt(document, start)}" stands twice` };
  if (code === "NON_STRING_KEY") return { text: "a key must be a plain name" };
  if (code === "RESOURCE_EXHAUSTION") return { text: "nested too deep" };
  if (code === "MULTIPLE_DOCS") return { text: "more than one document in the file" };
  return { text: `not well-formed ${name}`, detail: message };
}

function keyAt(document: Document, start: number): string {
  let found = "";
  visit(document, {
    Pair(_, { key }) {
      if (!isScalar(key) || key.range?.[0] !== start) return undefined;
      found = String(key.value);
      return visit.BREAK;
    },
  });
  return found;
}

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
