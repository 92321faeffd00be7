import { stringifyExactly } from "../../model/exact-json.ts";
import { isObject, type JsonObject, textOf } from "../json.ts";
import type { Call } from "./call.ts";
import type { ReplyParts } from "./reply-parts.ts";
import { callSignature } from "./seal.ts";

/** What one entry of `tool_calls` says. */
interface Fragment {
  readonly index: number | undefined;
  readonly id: string | undefined;
  readonly name: string;
  readonly json: string;
  readonly signature: string | undefined;
  /** Where it stands among several entries of one delta. */
  readonly position: number | undefined;
}

/**
 * Finds the call that each entry of `tool_calls` belongs to. The index should tell, but servers leave it out, number all calls 0, start at
 * 1, or repeat id and name in each chunk; so index, id, name and whether the arguments are complete are weighed together.
 */
export function followToolCalls(parts: ReplyParts, tools: ReadonlySet<string>): { take(delta: JsonObject): void } {
  const all: Call[] = [];
  const byIndex = new Map<number, Call>();
  const byId = new Map<string, Call>();
  /** The calls come in the old form. */
  let isOld = false;

  const begin = (index: number | undefined): Call => {
    const call = parts.call(index);
    all.push(call);
    if (index !== undefined) byIndex.set(index, call);
    return call;
  };

  const find = ({ index, id, name, position }: Fragment): Call | undefined => {
    const named = id === undefined ? undefined : byId.get(id);
    if (index !== undefined) return named !== undefined && named.index === index ? named : byIndex.get(index);
    if (named !== undefined) return named;
    if (position !== undefined) return name === "" ? all[position] : undefined;
    return all.at(-1);
  };

  /** SGLang gives the arguments of a call the next index, without id and name: they belong to the last one where that has none. */
  const awaiting = ({ id, name, json }: Fragment): Call | undefined => {
    const last = all.at(-1);
    return id === undefined && name === "" && json !== "" && last?.arguments.state() === "none" && last.name !== "" ? last : undefined;
  };

  const take = (fragment: Fragment): void => {
    const { index, id, name, json, signature } = fragment;
    let call = find(fragment) ?? awaiting(fragment);
    if (call !== undefined && index !== undefined && !byIndex.has(index)) byIndex.set(index, call);
    if (call === undefined || isAnother(call, fragment)) {
      if (call !== undefined && (name === "" || name === call.name) && id === undefined && isEcho(call, json)) return;
      if (id === undefined && name === "" && json === "") return;
      const before = call;
      call = begin(index);
      // A nameless continuation with arguments of its own repeats the tool.
      if (name === "" && id === undefined && before !== undefined) call.name = before.name;
    }
    if (id !== undefined && call.id === undefined) {
      call.id = id;
      byId.set(id, call);
    }
    if (name !== "") {
      if (call.name === "") call.name = name;
      else if (isRestOfName(call, name)) call.name += name;
    }
    if (signature !== undefined) call.signature ??= signature;
    parts.filled(call, json);
  };

  /** A name in pieces: the first is no tool of ours, and together they may become one. */
  const isRestOfName = (call: Call, name: string): boolean => {
    if (tools.has(call.name) || call.arguments.state() !== "none" || call.name === name || call.place !== "none") return false;
    const together = call.name + name;
    for (const tool of tools) if (tool.startsWith(together)) return true;
    return false;
  };

  const isAnother = (call: Call, { index, id, name, json }: Fragment): boolean => {
    const state = call.arguments.state();
    const fresh = state === "complete" && json.trimStart().startsWith("{");
    if (id !== undefined && call.id !== undefined) {
      if (id === call.id) return index === undefined && name !== "" && fresh;
      // The name may come after the id. Where it never does, that was no call.
      if (name === "") return fresh || (state === "complete" && json === "");
      // Some servers draw a new id for each chunk of one call; a chunk may begin with a brace of the call's own, in a string above all.
      const continues = name === call.name && json !== "" && (state === "none" || state === "open");
      return !continues || call.arguments.isString();
    }
    if (name === "") return fresh && call.id === undefined && id === undefined;
    if (call.name === "") return false;
    if (name === call.name) return fresh || (index === undefined && id !== undefined && state !== "none");
    return !isRestOfName(call, name);
  };

  return {
    take(delta) {
      const list = Array.isArray(delta.tool_calls) ? delta.tool_calls : isObject(delta.tool_calls) ? [delta.tool_calls] : [];
      for (let at = 0; at < list.length; at += 1) {
        const entry: unknown = list[at];
        if (isObject(entry)) take(fragmentOf(entry, list.length > 1 ? at : undefined));
      }
      // The form before tool_calls: one call, without id and index. Beside the new form it says the same once more.
      if (!isObject(delta.function_call)) return;
      isOld ||= all.length === 0;
      if (isOld) take(fragmentOf({ index: -1, function: delta.function_call }));
    },
  };
}

function fragmentOf(entry: JsonObject, position?: number): Fragment {
  const source = isObject(entry.function) ? entry.function : entry;
  return {
    index: indexOf(entry.index),
    id: textOf(entry.id),
    name: textOf(source.name) ?? "",
    json: argumentsText(source.arguments),
    signature: callSignature(entry),
    position,
  };
}

function indexOf(value: unknown): number | undefined {
  const index = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof index === "number" && Number.isInteger(index) ? index : undefined;
}

/** Arguments are JSON text; adapters of Ollama send the object itself. */
function argumentsText(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : stringifyExactly(value);
}

/** Some servers send the whole arguments once more at the end. */
function isEcho(call: Call, json: string): boolean {
  return json.trim() === call.arguments.text().trim();
}
