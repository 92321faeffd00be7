import type { FunctionTool, HostedTool, JsonSchema, Tool, ToolChoice } from "../../model/request.ts";
import { cached } from "../cache-mark.ts";
import { freeformFunction } from "../freeform-tool.ts";
import { inWords, isObject, type JsonObject, listOf, objectOf, textOf } from "../json.ts";
import { withOwn } from "../own-fields.ts";
import { Unacceptable } from "../refuse.ts";
import { readWebSearch } from "../web-search.ts";
import { clientTools } from "./client-tools.ts";

/** How a call to a tool is spelled for this client: what the language's one kind of function takes away. */
export interface ToolSpelling {
  readonly kind: "function" | "custom" | "tool-search" | "client";
  readonly name: string;
  readonly namespace?: string;
}

export interface AcceptedTools {
  readonly tools: readonly Tool[];
  /** By the name that the model knows. */
  readonly spelling: ReadonlyMap<string, ToolSpelling>;
  /** The name that the model knows; for calls of the history whose tool is gone, the one it would have had. */
  nameOf(name: string, namespace: string | undefined): string;
}

/**
 * Tools of a request to functions with unique flat names. Tools of the request come first and direct names before namespaces, so that
 * a tool which the history adds later (tool search) never renames one that was there. Of two with one name the first is kept.
 */
export function acceptTools(...lists: readonly unknown[]): AcceptedTools {
  const tools: Tool[] = [];
  const spelling = new Map<string, ToolSpelling>();
  const names = new Map<string, string>();
  const hosted = new Set<string>();
  /** Namespaces that are described already: the tools of one come in several, a few with each search. */
  const described = new Set<string | undefined>();

  const add = (tool: JsonObject, group?: JsonObject) => {
    const namespace = textOf(group?.name);
    const spelled = spell(tool, namespace);
    if (spelled === undefined) {
      if (tool.type === "function") throw new Unacceptable("Missing required parameter: 'tools[].name'.", "tools");
      const name = textOf(tool.name) ?? textOf(tool.server_label) ?? textOf(tool.type) ?? "tool";
      const key = `${inWords(tool.type)} ${name}`;
      // What is kept to OpenAI's cached pages is not to be looked for elsewhere.
      const isLive = textOf(tool.type)?.startsWith("web_search") === true && tool.external_web_access !== false;
      const searches = isLive ? { webSearch: readWebSearch(tool, objectOf(tool.filters)) } : {};
      if (!hosted.has(key)) tools.push({ type: "hosted", wire: "responses", name, value: tool, ...searches } satisfies HostedTool);
      hosted.add(key);
      return;
    }
    const key = keyOf(spelled.name, namespace);
    if (names.has(key)) return;
    const flat = unique(flatten(spelled.name, namespace), spelling);
    names.set(key, flat);
    spelling.set(flat, spelled);
    const made = asFunction(tool, flat, spelled.kind);
    const said = group === undefined || described.has(namespace) ? undefined : saidOf(group);
    if (said === undefined) return void tools.push(made);
    described.add(namespace);
    tools.push({ ...made, description: [said, made.description].filter(Boolean).join("\n\n") });
  };

  for (const list of lists) {
    const given = listOf(list).filter(isObject);
    for (const tool of given) if (tool.type !== "namespace") add(tool);
    for (const tool of given) {
      if (tool.type !== "namespace" || !Array.isArray(tool.tools)) continue;
      for (const inner of tool.tools.filter(isObject)) add(inner, tool);
    }
  }
  return { tools, spelling, nameOf: (name, namespace) => names.get(keyOf(name, namespace)) ?? flatten(name, namespace) };
}

/**
 * What OpenAI shows its models of a namespace beside its name. Flat functions have no place for it but a description: that of the first, since
 * in each it would cost the prompt as many times.
 */
function saidOf({ name, description }: JsonObject): string | undefined {
  const said = textOf(description)?.trim();
  // What Codex says of an MCP server that says nothing of itself.
  if (said === undefined || said === "" || said === `Tools in the ${inWords(name)} namespace.`) return undefined;
  return `Of all tools whose names begin with ${inWords(name)}: ${said}`;
}

function spell(tool: JsonObject, namespace: string | undefined): ToolSpelling | undefined {
  const name = textOf(tool.name) ?? (isObject(tool.function) ? textOf(tool.function.name) : undefined);
  const where = namespace === undefined ? {} : { namespace };
  // Codex runs this search itself and sends what it found as an item of the history.
  if (tool.type === "tool_search" && tool.execution === "client") return { kind: "tool-search", name: "tool_search", ...where };
  // A shell can be one in OpenAI's own container too.
  const isLocal = (objectOf(tool.environment).type ?? "local") === "local";
  if (typeof tool.type === "string" && clientTools.has(tool.type) && isLocal) return { kind: "client", name: tool.type, ...where };
  if (name === undefined) return undefined;
  if (tool.type === "custom") return { kind: "custom", name, ...where };
  if (tool.type === "function" || tool.type === undefined) return { kind: "function", name, ...where };
  return undefined;
}

function asFunction(tool: JsonObject, name: string, kind: ToolSpelling["kind"]): FunctionTool {
  const defined = kind === "client" ? clientTools.get(String(tool.type)) : undefined;
  if (defined !== undefined) return { type: "function", name, description: defined.description, parameters: defined.parameters };
  if (kind === "custom") return withOwn(freeformFunction(name, tool.description, tool.format), "responses", tool);
  // Chat's nested form is a common mistake of clients that were ported.
  const given = isObject(tool.function) ? tool.function : tool;
  const description = textOf(given.description);
  const parameters = isObject(given.parameters) ? given.parameters : kind === "tool-search" ? searchSchema : noParameters;
  const told = description === undefined ? {} : { description };
  return { type: "function", name, ...told, parameters, ...(given.strict === true ? { strict: true } : {}), ...cached(tool) };
}

const noParameters: JsonSchema = { type: "object", properties: {} };
const searchSchema: JsonSchema = {
  type: "object",
  properties: { query: { type: "string" }, limit: { type: "number" } },
  required: ["query"],
};

const keyOf = (name: string, namespace: string | undefined) => `${namespace ?? ""}\u0000${name}`;
const flatten = (name: string, namespace: string | undefined) => (namespace === undefined ? name : `${namespace}__${name}`);

function unique(name: string, taken: ReadonlyMap<string, unknown>): string {
  let free = name;
  for (let next = 2; taken.has(free); next++) free = `${name}_${next}`;
  return free;
}

/** The choice, and the tools that it leaves. */
export function acceptToolChoice(
  choice: unknown,
  accepted: AcceptedTools,
): { readonly choice: ToolChoice; readonly tools: readonly Tool[] } {
  const { tools } = accepted;
  if (choice === "required" || choice === "none") return { choice: { type: choice }, tools };
  if (typeof choice === "string" && choice !== "auto") {
    throw new Unacceptable(`Invalid value: '${choice}'. Supported values are: 'none', 'auto', and 'required'.`, "tool_choice");
  }
  if (!isObject(choice)) return { choice: { type: "auto" }, tools };
  if (choice.type === "function" || choice.type === "custom") {
    const given = isObject(choice.function) ? choice.function : choice;
    const name = accepted.nameOf(textOf(given.name) ?? "", textOf(given.namespace));
    if (!accepted.spelling.has(name)) throw new Unacceptable(`Tool choice '${name}' not found in 'tools' parameter.`, "tool_choice");
    return { choice: { type: "tool", name }, tools };
  }
  const called = typeof choice.type === "string" ? accepted.nameOf(choice.type, undefined) : "";
  if (accepted.spelling.get(called)?.kind === "client") return { choice: { type: "tool", name: called }, tools };
  if (choice.type === "allowed_tools" && Array.isArray(choice.tools)) {
    const allowed = new Set(
      choice.tools.filter(isObject).map((tool) => {
        const name = textOf(tool.name);
        return name === undefined ? inWords(tool.type) : accepted.nameOf(name, textOf(tool.namespace));
      }),
    );
    const left = tools.filter((tool) => allowed.has(tool.name));
    return { choice: { type: choice.mode === "required" && left.length > 0 ? "required" : "auto" }, tools: left };
  }
  return { choice: { type: "auto" }, tools };
}
