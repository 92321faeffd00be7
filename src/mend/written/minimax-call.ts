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
    const child = leafOf(pieces, index, name) ?? readTree(pieces, index + 1, name, depth + 1);
    if (child === undefined) return undefined;
    children.push([name, child.value]);
    index = child.next;
  }
  return undefined;
}

/** A value whose closing tag came without the token before it. With one behind it, such a tag is a part of the value. */
function leafOf(pieces: readonly string[], at: number, tag: string): { readonly value: Tree; readonly next: number } | undefined {
  const text = pieces[at]?.trimEnd() ?? "";
  const close = `</${tag}>`;
  if (!text.endsWith(close) || pieces[at + 1]?.startsWith(close) === true) return undefined;
  return { value: text.slice(0, -close.length).replace(/^<[^>]*>/, ""), next: at + 1 };
}

function plainOf(tree: Tree): unknown {
  if (typeof tree === "string") return tree;
  return tree.every(([tag]) => tag === "item") ? tree.map(([, value]) => plainOf(value)) : Object.fromEntries(membersOf(tree));
}

/** A tag that comes again makes a list, as in vLLM's parser of this model. */
function membersOf(tree: Exclude<Tree, string>): ReadonlyMap<string, unknown> {
  const byTag = new Map<string, unknown[]>();
  for (const [tag, value] of tree) {
    const values = byTag.get(tag);
    if (values === undefined) byTag.set(tag, [plainOf(value)]);
    else values.push(plainOf(value));
  }
  return new Map([...byTag].map(([tag, values]) => [tag, values.length > 1 ? values : values[0]]));
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
    const members = typeof value === "string" ? [] : [...membersOf(value)];
    found.push({
      name,
      arguments: { members: members.map(([key, plain]) => [key, typeof plain === "string" ? plain : JSON.stringify(plain)]) },
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
