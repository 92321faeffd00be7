import { type JsonObject, textOf } from "../json.ts";

/** A call that the client runs has an id by which its output names it; a provider's own calls have none. */
export function callIdOf(item: JsonObject): string | undefined {
  return textOf(item.call_id);
}

export function isOutput(item: JsonObject): boolean {
  return typeof item.type === "string" && item.type.endsWith("_output") && callIdOf(item) !== undefined;
}

export function isCall(item: JsonObject): boolean {
  return typeof item.type === "string" && item.type.endsWith("_call") && callIdOf(item) !== undefined;
}

/**
 * Puts what stands between calls and their outputs after the outputs: clients that run calls side by side record whatever came in
 * between, and the other wires allow nothing there. A call without an output holds nothing up.
 */
export function orderItems(items: readonly JsonObject[]): readonly JsonObject[] {
  const last = new Map<string, number>();
  items.forEach((item, index) => {
    if (isOutput(item)) last.set(callIdOf(item) ?? "", index);
  });
  const ordered: JsonObject[] = [];
  const open = new Set<string>();
  let answered = false;
  let deferred: JsonObject[] = [];
  const held = new Set<string>();

  const place = (item: JsonObject, index: number) => {
    const id = callIdOf(item) ?? "";
    if (isOutput(item) && !held.has(id)) {
      ordered.push(item);
      answered = true;
      open.delete(id);
    } else if (open.size > 0 && (answered || isOutput(item) || !ofAssistant(item))) {
      deferred.push(item);
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
      for (const next of waiting) place(next, -1);
    }
  };
  items.forEach(place);
  ordered.push(...deferred);
  return ordered;
}

function ofAssistant(item: JsonObject): boolean {
  return item.type === undefined || item.type === "message" ? item.role === "assistant" : true;
}
