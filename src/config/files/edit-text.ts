import { type Document, isCollection, isMap, isSeq, parseDocument, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import type { ConfigurationFile } from "./layer.ts";
import { parseJsonFile } from "./parse-json-file.ts";
import { isTree, type Tree } from "./tree.ts";

/** A value of a file that is to be another. */
export interface Edit {
  readonly path: readonly string[];
  /** undefined takes it away. */
  readonly value: unknown;
  /** Stands behind a value that was not there before. */
  readonly comment?: string;
}

const header = [
  " Written by `fcc init`, to be edited freely: run again it changes only what you choose there.",
  " `fcc config explain` shows what counts, and which file or variable said so.",
].join("\n");

/**
 * The text of a file after edits; without a file, that of a new one. Comments, order and all that the edits do not name stay. What cannot
 * be edited (a file that does not parse, an alias in the way) is a fault, and nothing is to be written.
 */
export function editText(file: Editable | undefined, edits: readonly Edit[]): Edited {
  const edited = file?.format === "json" ? editJson(file.text, file.under, edits) : editYaml(file, edits);
  // Both writers end lines as Unix does. One line that was pasted in says nothing of the file's own.
  const ends = (end: string) => (file?.text.split(end).length ?? 1) - 1;
  const isWindows = ends("\r\n") * 2 > ends("\n");
  return edited.fault === undefined && isWindows ? { text: edited.text.replaceAll("\n", "\r\n") } : edited;
}

type Editable = Pick<ConfigurationFile, "text" | "format" | "under">;
type Edited = { readonly text: string; readonly fault?: undefined } | { readonly fault: string };

function editYaml(file: Editable | undefined, edits: readonly Edit[]): Edited {
  const document = parseDocument(file?.text ?? "", { stringKeys: true });
  if (document.errors.length > 0) return { fault: "it is not well-formed YAML" };
  if (document.contents !== null && !isMap(document.contents)) return { fault: "it is not a map of keys and values" };
  try {
    for (const edit of edits) apply(document, edit);
    if (file === undefined) return { text: spaced(document.toString({ lineWidth: 0 })) };
    return { text: document.toString({ lineWidth: 0, flowCollectionPadding: true }) };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

/** A new file, with what it is at its top and its parts apart. */
function spaced(text: string): string {
  const document = parseDocument<YAMLMap<Scalar>>(text);
  document.commentBefore = header;
  for (const { key } of document.contents?.items.slice(1) ?? []) key.spaceBefore = true;
  return document.toString({ lineWidth: 0 });
}

function apply(document: Document, { path, value, comment }: Edit): void {
  if (value === undefined) {
    document.deleteIn(path);
    return;
  }
  const before = document.getIn(path, true);
  const wasThere = before !== undefined && before !== null;
  if (wasThere && !isCollection(before) && typeof value !== "object") {
    // The scalar stays, and with it its own comment.
    document.setIn(path, value);
    return;
  }
  const node = document.createNode(value) as Scalar | YAMLMap | YAMLSeq;
  if (isSeq(node)) node.flow = true;
  if (comment !== undefined && !isFlow(document, path) && !isMap(node)) node.comment = ` ${comment}`;
  if (wasThere && !isMap(node)) {
    const { comment: own } = before as Scalar;
    node.comment = own ?? null;
  }
  if (document.contents !== null && path.length > 1) openEmpty(document, path);
  document.setIn(path, node);
}

/** A comment inside `{ ... }` would break its line. */
function isFlow(document: Document, path: readonly string[]): boolean {
  return path.some((_, length) => {
    const around = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    return isCollection(around) && around.flow === true;
  });
}

/** `providers:` with nothing behind it, or `{}`, becomes a map that grows downwards. */
function openEmpty(document: Document, path: readonly string[]): void {
  for (let length = 1; length < path.length; length += 1) {
    const above = path.slice(0, length);
    const node = document.getIn(above, true);
    if (node === undefined) return;
    if (isMap(node)) {
      if (node.items.length === 0) node.flow = false;
      continue;
    }
    if (document.getIn(above) === null) document.setIn(above, document.createNode({}));
  }
}

function editJson(text: string, under: string | undefined, edits: readonly Edit[]): Edited {
  let root: unknown;
  try {
    root = parseJsonFile(text);
  } catch {
    return { fault: "it is not well-formed JSON" };
  }
  if (!isTree(root)) return { fault: "it is not a map of keys and values" };
  const edited = edits.reduce<Tree>((tree, { path, value }) => setIn(tree, under === undefined ? path : [under, ...path], value), root);
  const indent = /^[ \t]+(?=")/m.exec(text)?.[0] ?? "  ";
  return { text: `${JSON.stringify(edited, null, indent)}\n` };
}

function setIn(tree: Tree, [key = "", ...rest]: readonly string[], value: unknown): Tree {
  if (rest.length > 0) {
    const below = tree[key];
    return { ...tree, [key]: setIn(isTree(below) ? below : {}, rest, value) };
  }
  if (value !== undefined) return { ...tree, [key]: value };
  return Object.fromEntries(Object.entries(tree).filter(([name]) => name !== key));
}
