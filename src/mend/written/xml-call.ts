import { callFromJson, looseJson, type WrittenCall } from "./call.ts";

/** One newline after the opening tag and one before the closing tag belong to the markup, the rest to the value. */
const bare = (value: string): string => value.replace(/^\r?\n/, "").replace(/\r?\n$/, "");

/** `<function=NAME><parameter=KEY>VALUE</parameter></function>` (Qwen3-Coder, Seed-OSS, Nemotron) or `<function=NAME>{...}` (Llama). */
export function functionCalls(text: string): WrittenCall[] | undefined {
  const calls: WrittenCall[] = [];
  const pieces = text.split(/<function=/).slice(1);
  for (const [at, piece] of pieces.entries()) {
    // Llama on Groq forgets the tag's end: `<function=NAME{...}`.
    const head = /^\s*["']?([^"'>\s{]+?)["']?\s*(?:>|(?=\{))/.exec(piece);
    if (head?.[1] === undefined) return undefined;
    const body = piece.slice(head[0].length);
    const inside = body.replace(/\s*(?:<\/function>)?\s*(?:<\/tool_call>)?\s*$/, "");
    if (/^\s*\{/.test(inside)) {
      const call = callFromJson({ name: head[1], arguments: looseJson(inside) });
      if (call === undefined) return undefined;
      calls.push(call);
      continue;
    }
    // The last value was cut: the rest of a command may be missing.
    if (at === pieces.length - 1 && /<parameter=/.test(inside) && inside === body.trimEnd() && !/<\/parameter>$/.test(inside))
      return undefined;
    const members: (readonly [string, string])[] = [];
    for (const parameter of inside.split(/<parameter=/).slice(1)) {
      const key = /^\s*["']?([^"'>]+?)["']?\s*>/.exec(parameter);
      if (key?.[1] === undefined) return undefined;
      members.push([key[1], bare(parameter.slice(key[0].length).replace(/<\/parameter>\s*$/, ""))]);
    }
    if (members.length === 0 && inside.trim() !== "") return undefined;
    calls.push({ name: head[1], arguments: { members } });
  }
  return calls.length > 0 ? calls : undefined;
}

/** `<invoke name="NAME"><parameter name="KEY" string="false">VALUE</parameter></invoke>`: MiniMax, DeepSeek's DSML, Anthropic's old form. */
export function invokeCalls(text: string): WrittenCall[] | undefined {
  const calls: WrittenCall[] = [];
  for (const piece of text.split(/<invoke\b/).slice(1)) {
    const head = /^\s+name\s*=\s*["']?([^"'>]+?)["']?\s*>/.exec(piece);
    if (head?.[1] === undefined) return undefined;
    const body = piece.slice(head[0].length);
    const members: (readonly [string, string])[] = [];
    const json: Record<string, unknown> = {};
    // The last value was cut, as above.
    if (body.lastIndexOf("<parameter") > Math.max(body.lastIndexOf("</parameter>"), body.lastIndexOf("</invoke>"))) return undefined;
    for (const parameter of body.split(/<parameter\b/).slice(1)) {
      const key = /^\s+name\s*=\s*["']?([^"'>\s]+?)["']?(?:\s+string\s*=\s*["']?(true|false)["']?)?\s*>/.exec(parameter);
      if (key?.[1] === undefined) return undefined;
      const end = parameter.lastIndexOf("</parameter>");
      const value = bare(parameter.slice(key[0].length, end < 0 ? undefined : end));
      // DSML says itself which values are strings and which are JSON.
      if (key[2] === "true") json[key[1]] = value;
      else if (key[2] === "false") json[key[1]] = looseJson(value) ?? value;
      else members.push([key[1], value]);
    }
    if (members.length > 0 && Object.keys(json).length === 0) calls.push({ name: head[1], arguments: { members } });
    else calls.push({ name: head[1], arguments: { value: { ...Object.fromEntries(members), ...json } } });
  }
  return calls.length > 0 ? calls : undefined;
}

/** `NAME<arg_key>KEY</arg_key><arg_value>VALUE</arg_value>`: GLM 4.5 and later. */
export function argumentKeyCalls(text: string): WrittenCall[] | undefined {
  const [name = "", ...pairs] = text.split("<arg_key>");
  if (!/^\s*[\w.:/-]+\s*$/.test(name)) return undefined;
  const members: (readonly [string, string])[] = [];
  for (const pair of pairs) {
    const match = /^([\s\S]*?)<\/arg_key>\s*<arg_value>([\s\S]*?)(<\/arg_value>\s*)?$/.exec(pair);
    if (match?.[1] === undefined || match[2] === undefined) return undefined;
    if (match[3] === undefined && pair === pairs.at(-1)) return undefined;
    members.push([match[1].trim(), bare(match[2])]);
  }
  return [{ name: name.trim(), arguments: { members } }];
}
