import { type JsonObject, textOf } from "../json.ts";

/** A call that the client runs has an id by which its output names it; a provider's own calls have none. */
export function callIdOf(item: JsonObject): string | undefined {
  // OpenAI's schema has it in the output's own id.
  return textOf(item.call_id) ?? (item.type === "local_shell_call_output" ? textOf(item.id) : undefined);
}

export function isOutput(item: JsonObject): boolean {
  return typeof item.type === "string" && item.type.endsWith("_output") && callIdOf(item) !== undefined;
}

export function isCall(item: JsonObject): boolean {
  return typeof item.type === "string" && item.type.endsWith("_call") && callIdOf(item) !== undefined;
}

/**
 * Puts what stands between calls and their outputs after the outputs: clients that run calls side by side record whatever came in
 * between, and the other wires allow nothing there. What the model says before a further call goes with the calls. A call without an output
 * holds nothing up.
 */
export function orderItems(items: readonly JsonObject[]): readonly JsonObject[] {
  const last = new Map<string, number>();
  items.forEach((item, index) => {
    if (isOutput(item)) last.set(callIdOf(item) ?? "", index);
  });
  /** Items that a call comes after, with no output before it. */
  const beforeCall = new Set<number>();
  for (let index = items.length - 1, isNext = false; index >= 0; index -= 1) {
    const item = items[index] as JsonObject;
    if (isNext) beforeCall.add(index);
    isNext = isCall(item) || (isNext && !isOutput(item));
  }
  const ordered: JsonObject[] = [];
  const open = new Set<string>();
  let answered = false;
  let deferred: { readonly item: JsonObject; readonly index: number }[] = [];
  const held = new Set<string>();

  const isSaidWithCalls = (item: JsonObject, index: number) => isCall(item) || (ofAssistant(item) && beforeCall.has(index));
  const place = (item: JsonObject, index: number) => {
    const id = callIdOf(item) ?? "";
    if (isOutput(item) && !held.has(id)) {
      ordered.push(item);
      answered = true;
      open.delete(id);
    } else if (open.size > 0 && (answered || isOutput(item) || !isSaidWithCalls(item, index))) {
      deferred.push({ item, index });
      if (isCall(item)) held.add(id);
      return;
    } else {
      ordered.push(item);
      answered = false;
      if (isCall(item) && (last.get(id) ?? -1) > index) open.add(id);
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
