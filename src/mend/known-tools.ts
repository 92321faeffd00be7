import type { FunctionTool } from "../model/request.ts";

/** Finds the tool that a model means: small models change the case of a name or put their template's namespace before it. */
export interface KnownTools {
  readonly size: number;
  /** The tool as the provider knows it. */
  find(name: string): { readonly sent: string; readonly tool: FunctionTool } | undefined;
}

const prefix = /^(?:functions?|default_api|tools?|tool_calls?|assistant|namespace)[.:/]+/i;
const loose = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]/gu, "");

/** Tokens and tags run on into the name, or stand before it: gpt-oss's `Bash<|channel|>commentary`, GLM's `Bash</think>`. */
const plainName = (name: string): string =>
  name
    .replace(/^(?:\s|<[^<>]*>)+/, "")
    .replace(/<.*/s, "")
    .trim();
/** Kimi's own ids are `functions.NAME:0`, and servers give them for the name. Muse Glimmer's template has it write `NAME.NAME`. */
const withoutNamespace = (plain: string): string =>
  plain
    .replace(prefix, "")
    .replace(/:\d+$/, "")
    .replace(/^([\w-]{1,128})\.\1$/, "$1");

/** The name alone, of a tool that nobody offered. */
export const bareName = (name: string): string => withoutNamespace(plainName(name));

/** Who a name means; nobody where several claim it. */
type Claims = Map<string, string | undefined>;

function claim(claims: Claims, name: string, sent: string): void {
  // Nothing is left of a name that its client wrote in other letters and made legal: `mcp__files____`.
  if (name !== "") claims.set(name, claims.has(name) ? undefined : sent);
}

/** `tools` by the name under which each was sent; two whose loose names agree are told apart only by their exact ones. */
export function knownTools(tools: ReadonlyMap<string, FunctionTool>): KnownTools {
  const byLooseName: Claims = new Map();
  for (const sent of tools.keys()) claim(byLooseName, loose(sent), sent);
  // What the client calls it counts too: the model has read it in the client's own prompt.
  for (const [sent, tool] of tools) if (!byLooseName.has(loose(tool.name))) byLooseName.set(loose(tool.name), sent);
  // What follows the server's or group's name is often all that a small model keeps of a name; it counts where it says which tool.
  const byLastName: Claims = new Map();
  for (const sent of tools.keys()) {
    const last = /__(?!.*__)(.+)$/.exec(sent)?.[1];
    if (last !== undefined) claim(byLastName, loose(last), sent);
  }
  const get = (sent: string | undefined) => {
    const tool = sent === undefined ? undefined : tools.get(sent);
    return sent === undefined || tool === undefined ? undefined : { sent, tool };
  };
  return {
    size: tools.size,
    find(name) {
      const plain = plainName(name);
      const bare = withoutNamespace(plain);
      const exact = get(plain) ?? get(bare) ?? get(byLooseName.get(loose(plain))) ?? get(byLooseName.get(loose(bare)));
      return exact ?? (byLooseName.has(loose(bare)) ? undefined : get(byLastName.get(loose(bare))));
    },
  };
}
