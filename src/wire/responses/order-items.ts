import { type JsonObject, textOf } from "../json.ts";

/** The id of a call that the client runs, by which its output names it; undefined for any other item, a provider's own calls too. */
export const callId = (item: JsonObject) => idOf(item, "_call");

/** The id of the call that an output answers; undefined for any other item. */
export const outputId = (item: JsonObject) => idOf(item, "_output");

function idOf(item: JsonObject, ending: string): string | undefined {
  if (typeof item.type !== "string" || !item.type.endsWith(ending)) return undefined;
  // OpenAI's schema has it in the output's own id.
  return textOf(item.call_id) ?? (item.type === "local_shell_call_output" ? textOf(item.id) : undefined);
}

/**
 * Puts what stands between calls and their outputs after the outputs: clients that run calls side by side record whatever came in
 * between, and the other wires allow nothing there. What the model says before a further call goes with the calls. A call without an output
 * holds nothing up.
 */
export function orderItems(items: readonly JsonObject[]): readonly JsonObject[] {
  const last = new Map<string, number>();
  items.forEach((item, index) => {
    const id = outputId(item);
    if (id !== undefined) last.set(id, index);
  });
  /** Items that a call comes after, with no output before it. */
  const beforeCall = new Set<number>();
  for (let index = items.length - 1, isNext = false; index >= 0; index -= 1) {
    const item = items[index] as JsonObject;
    if (isNext) beforeCall.add(index);
    isNext = callId(item) !== undefined || (isNext && outputId(item) === undefined);
  }
  const ordered: JsonObject[] = [];
  const open = new Set<string>();
  let answered = false;
  let deferred: { readonly item: JsonObject; readonly index: number }[] = [];
  const held = new Set<string>();

  const place = (item: JsonObject, index: number) => {
    const call = callId(item);
    const output = outputId(item);
    const isSaidWithCalls = call !== undefined || (ofAssistant(item) && beforeCall.has(index));
    if (output !== undefined && !held.has(output)) {
      ordered.push(item);
      answered = true;
      open.delete(output);
    } else if (open.size > 0 && (answered || output !== undefined || !isSaidWithCalls)) {
      deferred.push({ item, index });
      if (call !== undefined) held.add(call);
      return;
    } else {
      ordered.push(item);
      answered = false;
      if (call !== undefined && (last.get(call) ?? -1) > index) open.add(call);
    }
    if (open.size === 0 && deferred.length > 0) {
      const waiting = deferred;
      deferred = [];
      held.clear();
      answered = false;
      for (const { item, index } of waiting) place(item, index);
    }
  };
  items.forEach(place);
  for (const { item } of deferred) ordered.push(item);
  return ordered;
}

function ofAssistant(item: JsonObject): boolean {
  return item.type === undefined || item.type === "message" ? item.role === "assistant" : item.type !== "agent_message";
}
