import type { WrittenCall } from "./call.ts";
import { calls, endsWith, type Family } from "./family.ts";

/** One token that stands before each tag, so that no tag in a value is taken for one. */
const before = "]<]minimax[>[";

type Tree = string | readonly (readonly [tag: string, value: Tree])[];

/** A model in a loop opens tags without end. */
const deepest = 64;

/** The arguments are tags of their own names; lists are made of `<item>`. `at`: the piece behind the opening tag. */
function readTree(
  pieces: readonly string[],
  at: number,
  tag: string,
  depth = 0,
): { readonly value: Tree; readonly next: number } | undefined {
  const children: (readonly [string, Tree])[] = [];
  const text = (pieces[at - 1] ?? "").replace(/^<[^>]*>/, "");
  for (let index = at; index < pieces.length; ) {
    const [, isEnd, name] = /^<(\/?)([\w.:-]+)(?![\w.:-])[^>]*>/.exec(pieces[index] ?? "") ?? [];
    if (name === undefined || depth > deepest) return undefined;
    if (isEnd === "/") return name === tag ? { value: children.length > 0 ? children : text, next: index + 1 } : undefined;
    const child = readTree(pieces, index + 1, name, depth + 1);
    if (child === undefined) return undefined;
    children.push([name, child.value]);
    index = child.next;
  }
  return undefined;
}

function plainOf(tree: Tree): unknown {
  if (typeof tree === "string") return tree;
  if (tree.every(([tag]) => tag === "item")) return tree.map(([, value]) => plainOf(value));
  return Object.fromEntries(tree.map(([tag, value]) => [tag, plainOf(value)]));
}

function readCalls(body: string): WrittenCall[] | undefined {
  const pieces = body.split(before).filter((piece) => piece.trim() !== "");
  const found: WrittenCall[] = [];
  for (let at = 0; at < pieces.length; ) {
    const name = /^<invoke name="([^"]+)">/.exec(pieces[at] ?? "")?.[1];
    const read = name === undefined ? undefined : readTree(pieces, at + 1, "invoke");
    if (name === undefined || read === undefined) return undefined;
    const { value } = read;
    if (typeof value === "string" && value.trim() !== "") return undefined;
    const members = typeof value === "string" ? [] : value;
    found.push({
      name,
      arguments: { members: members.map(([key, tree]) => [key, typeof tree === "string" ? tree : JSON.stringify(plainOf(tree))]) },
    });
    at = read.next;
  }
  return found.length > 0 ? found : undefined;
}

/** MiniMax M3: `<tool_call><invoke name="NAME"><KEY>VALUE</KEY></invoke></tool_call>`, with its token before each tag. */
export const minimaxTags: Family = {
  open: [`${before}<tool_call>`],
  close: [`${before}</tool_call>`],
  settled: endsWith(`${before}</invoke>`),
  read: (body) => calls(readCalls(body)),
  inThinking: true,
};
