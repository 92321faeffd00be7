import { append } from "../../model/lists.ts";
import { type JsonObject, textOf } from "../json.ts";

/** The id of a call that the client runs, by which its output names it; undefined for any other item, a provider's own calls too. */
export const callId = (item: JsonObject) => idOf(item, "_call");

/** The id of the call that an output answers; undefined for any other item, and for what a program gave that OpenAI itself has run. */
export const outputId = (item: JsonObject) => (item.type === "program_output" ? undefined : idOf(item, "_output"));

/** OpenAI's schema has it in a shell output's own id, and some servers give a call no other (`read-call.ts`). */
const idIsOwn = new Set(["local_shell_call_output", "function_call"]);

function idOf(item: JsonObject, ending: string): string | undefined {
  if (typeof item.type !== "string" || !item.type.endsWith(ending)) return undefined;
  return textOf(item.call_id) ?? (idIsOwn.has(item.type) ? textOf(item.id) : ending === "_output" ? source(item) : undefined);
}

/** What no call asked for is called by what it comes from: Codex (0.171) tells a goal as an output of `agent`'s `goal_objective`, with no call's id. */
function source({ namespace, name }: JsonObject): string | undefined {
  return textOf(name) === undefined ? undefined : [namespace, name].map(textOf).filter(Boolean).join(".");
}

type Entry = readonly [index: number, item: JsonObject];

/**
 * Puts what stands between calls and their outputs after the outputs: clients that run calls side by side record whatever came in
 * between, and the other wires allow nothing there. What the model itself says there is of the reply that has the calls, since it cannot
 * go on without an output: it goes with them, and reasoning that nothing of that reply follows is of the next. A call without an output holds
 * nothing up. Each item comes with its index in the list as it was.
 */
export function orderItems(items: readonly JsonObject[]): readonly Entry[] {
  const last = new Map<string, number>();
  items.forEach((item, index) => {
    const id = outputId(item);
    if (id !== undefined) last.set(id, index);
  });
  /** Calls, what the model says, and items that one of these comes after, with no output before it. */
  const said = new Set<number>();
  for (let index = items.length - 1, goesOn = false; index >= 0; index -= 1) {
    const item = items[index] as JsonObject;
    if (outputId(item) !== undefined) goesOn = false;
    else if (callId(item) !== undefined || item.role === "assistant") goesOn = true;
    if (goesOn) said.add(index);
  }
  const ordered: Entry[] = [];
  const open = new Set<string>();
  let answered = false;
  let deferred: Entry[] = [];
  const held = new Set<string>();

  const place = (entry: Entry) => {
    const [index, item] = entry;
    const call = callId(item);
    const output = outputId(item);
    const isSaidWithCalls = ofAssistant(item) && said.has(index);
    if (output !== undefined && !held.has(output)) {
      ordered.push(entry);
      answered = true;
      open.delete(output);
    } else if (open.size > 0 && (answered || output !== undefined || !isSaidWithCalls)) {
      deferred.push(entry);
      if (call !== undefined) held.add(call);
    } else {
      ordered.push(entry);
      answered = false;
      if (call !== undefined && (last.get(call) ?? -1) > index) open.add(call);
    }
    if (open.size === 0 && deferred.length > 0) {
      const waiting = deferred;
      deferred = [];
      held.clear();
      answered = false;
      waiting.forEach(place);
    }
  };
  for (const entry of items.entries()) place(entry);
  append(ordered, deferred);
  return ordered;
}

function ofAssistant(item: JsonObject): boolean {
  return item.type === undefined || item.type === "message" ? item.role === "assistant" : item.type !== "agent_message";
}
