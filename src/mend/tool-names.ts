import type { ReplyEvent } from "../model/event.ts";
import { replaceEach, replaceParts } from "../model/lists.ts";
import type { Quirks } from "../model/quirks.ts";
import type { FunctionTool, Request, Tool, Turn } from "../model/request.ts";
import type { Stage } from "../model/stage.ts";
import { eventMend } from "./event-mend.ts";
import type { KnownTools } from "./known-tools.ts";
import { longestName, shortName } from "./short-hash.ts";

/**
 * Tool names that providers take: letters, digits, `_` and `-`, 64 and no more. A name that is not so becomes a readable
 * beginning and a hash of the whole, the same in each request; the second tool of a name is left out. `tools` are the functions by the
 * name under which they are sent.
 */
export function shortenToolNames(request: Request, quirks: Quirks): { request: Request; tools: Map<string, FunctionTool> } {
  const tools = new Map<string, FunctionTool>();
  const functions = request.tools.filter((tool) => tool.type === "function");
  const unique = new Set(functions.map((tool) => tool.name));
  const named = new Map<string, string>();
  const taken = new Set<string>();
  const send = (name: string): string => {
    const before = named.get(name);
    if (before !== undefined) return before;
    let sent = legalName(name, quirks, "");
    for (let round = 1; sent !== name && (taken.has(sent) || unique.has(sent)); round += 1) sent = legalName(name, quirks, `#${round}`);
    named.set(name, sent);
    taken.add(sent);
    return sent;
  };
  const kept: Tool[] = [];
  for (const tool of request.tools) {
    if (tool.type !== "function") {
      kept.push(tool);
      continue;
    }
    if (named.has(tool.name)) continue;
    const sent = send(tool.name);
    tools.set(sent, tool);
    kept.push(sent === tool.name ? tool : { ...tool, name: sent });
  }
  const turns = replaceEach<Turn>(request.turns, (turn) => {
    if (turn.role !== "assistant") return turn;
    return replaceParts(turn, (part) => {
      if (part.type !== "tool-call") return part;
      const name = send(part.name);
      return name === part.name ? part : { ...part, name };
    });
  });
  const toolChoice =
    request.toolChoice.type === "tool" ? { type: "tool" as const, name: send(request.toolChoice.name) } : request.toolChoice;
  return { request: { ...request, tools: kept, turns, toolChoice }, tools };
}

/** Who wants what at a name's beginning, and what makes it so. */
const heads: Partial<Record<NonNullable<Quirks["toolSchema"]>, { readonly first: RegExp; readonly added: string }>> = {
  gemini: { first: /^[A-Za-z_]/, added: "_" },
  moonshot: { first: /^[A-Za-z]/, added: "f_" },
};

function legalName(name: string, { toolSchema }: Quirks, salt: string): string {
  const wanted = toolSchema && heads[toolSchema];
  const head = wanted === undefined || wanted.first.test(name) ? "" : wanted.added;
  if (salt === "" && head === "" && name.length <= longestName && /^[A-Za-z0-9_-]+$/.test(name)) return name;
  const clean = head + name.replace(/[^A-Za-z0-9_-]+/g, "_");
  return shortName(clean, name + salt);
}

/** Gives calls the client's own names back; a name that nobody offered passes, and the client tells the model so. */
export function restoreToolNames(tools: KnownTools): Stage<ReplyEvent, ReplyEvent> {
  return eventMend((event, out) => {
    const name = event.type === "tool-start" ? tools.find(event.name)?.tool.name : undefined;
    out.put(event.type === "tool-start" && name !== undefined && name !== event.name ? { ...event, name } : event);
  });
}
