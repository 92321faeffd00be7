import { stringifyExactly } from "../../model/exact-json.ts";
import { isObject, type JsonObject, pieceOf, textOf } from "../json.ts";
import type { Call } from "./call.ts";
import type { ReplyParts } from "./reply-parts.ts";
import { callSignature } from "./seal.ts";

/** What one entry of `tool_calls` says. */
interface Fragment {
  readonly index: number | undefined;
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly json: string;
  readonly signature: string | undefined;
  /** Where it stands among several entries of one delta. */
  readonly position: number | undefined;
}

/**
 * Finds the call that each entry of `tool_calls` belongs to. The index should tell, but servers leave it out, number all calls 0, start at
 * 1, or repeat id and name in each chunk; so index, id, name and whether the arguments are complete are weighed together: by where it stands a
 * fragment finds a call, and by what it says it may still begin another.
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
    if (position !== undefined) return name === undefined ? all[position] : undefined;
    return all.at(-1);
  };

  /** SGLang gives the arguments of a call the next index, without id and name: they belong to the last one where that has none. */
  const awaiting = ({ index, id, name, json }: Fragment): Call | undefined => {
    const last = all.at(-1);
    if (id !== undefined || name !== undefined || json === "" || last?.arguments.state() !== "none" || last.name === "") return undefined;
    if (index !== undefined) byIndex.set(index, last);
    return last;
  };

  /** A name in pieces: the first is no tool of ours, and together they may become one. */
  const isRestOfName = (call: Call, name: string): boolean => {
    if (tools.has(call.name) || call.arguments.state() !== "none" || call.name === name || call.place !== "none") return false;
    const together = call.name + name;
    for (const tool of tools) if (tool.startsWith(together)) return true;
    return false;
  };

  /** One id for several calls, of which the first need have no arguments to show that it is over. */
  const isOfAnotherTool = (call: Call, { name = "" }: Fragment): boolean => tools.has(call.name) && tools.has(name);

  /** Whether a fragment begins another call than the one at its place: first by its id beside that one's, and then by its name. */
  const isAnother: Record<Beside, Record<Beside, (call: Call, fragment: Fragment) => boolean>> = {
    none: {
      // Of a server without ids; one that comes later is of the same call.
      none: (call, { id, json }) => call.id === undefined && id === undefined && beginsAnew(call, json),
      // The name may be in each chunk. Without an index an id comes with the beginning of its call.
      same: (call, { index, id, json }) =>
        beginsAnew(call, json) || (index === undefined && id !== undefined && call.arguments.state() !== "none"),
      other: (call, { name = "" }) => call.name !== "" && !isRestOfName(call, name),
    },
    same: {
      none: () => false,
      same: isAnotherOfId,
      other: (call, fragment) => isAnotherOfId(call, fragment) || isOfAnotherTool(call, fragment),
    },
    other: {
      // The name may come after the id. Where it never does, that was no call.
      none: (call, { json }) => beginsAnew(call, json) || (json === "" && call.arguments.state() === "complete"),
      // Some servers draw a new id for each chunk of one call; a chunk may begin with a brace of the call's own, in a string above all.
      same: (call, { json }) => json === "" || ["placeholder", "complete"].includes(call.arguments.state()) || call.arguments.isString(),
      other: () => true,
    },
  };

  /** The call that a fragment is of, a new one perhaps; undefined where it says nothing, or nothing new. */
  const callOf = (fragment: Fragment): Call | undefined => {
    const { index, id, name, json } = fragment;
    const call = find(fragment) ?? awaiting(fragment);
    if (call !== undefined && !isAnother[beside(id, call.id)][beside(name, call.name)](call, fragment)) return call;
    if (id !== undefined) return begin(index);
    if (name === undefined && json === "") return undefined;
    if (call !== undefined && (name ?? call.name) === call.name && isEcho(call, json)) return undefined;
    const another = begin(index);
    // A nameless continuation with arguments of its own repeats the tool.
    if (name === undefined && call !== undefined) another.name = call.name;
    return another;
  };

  const take = (fragment: Fragment): void => {
    const call = callOf(fragment);
    if (call === undefined) return;
    const { id, name, json, signature } = fragment;
    if (id !== undefined && call.id === undefined) {
      call.id = id;
      byId.set(id, call);
    }
    if (name !== undefined) {
      if (call.name === "") call.name = name;
      else if (isRestOfName(call, name)) call.name += name;
    }
    if (signature !== undefined) call.signature ??= signature;
    parts.filled(call, json);
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

/** What is said beside what is known, where both are: the same, or another. */
type Beside = "none" | "same" | "other";

function beside(said: string | undefined, known: string | undefined): Beside {
  if (said === undefined || known === undefined) return "none";
  return said === known ? "same" : "other";
}

/** Its arguments are complete, and here come others. */
function beginsAnew(call: Call, json: string): boolean {
  return call.arguments.state() === "complete" && json.trimStart().startsWith("{");
}

/** Some servers give several calls one id; an index tells them apart. */
const isAnotherOfId = (call: Call, { index, json }: Fragment): boolean => index === undefined && beginsAnew(call, json);

function fragmentOf(entry: JsonObject, position?: number): Fragment {
  const source = isObject(entry.function) ? entry.function : entry;
  const index = indexOf(entry.index);
  return {
    index,
    // An adapter may count its calls. Beside an index a number may as well be what it fills the field with, the same for every call.
    id: index === undefined ? pieceOf(entry.id) : textOf(entry.id),
    name: textOf(source.name),
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
