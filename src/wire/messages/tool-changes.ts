import { flatMap } from "../../model/lists.ts";
import { isObject, type JsonObject, listOf, objectOf, stringOf } from "../json.ts";

/**
 * The tools at the end of a conversation in which some were added or removed. A client says so in a system turn and leaves `tools` as it was,
 * for the prompt cache; other wires can express only the list itself.
 */
export function toolsAtEnd(tools: unknown, messages: unknown): unknown {
  const changes = changesIn(messages);
  const given = tools ?? [];
  if (changes.length === 0 || !Array.isArray(given)) return tools;
  const known = new Map<unknown, unknown>(given.map((tool, index) => [nameOf(tool) ?? index, tool]));
  const offered = new Map(known);
  for (const { type, tool } of changes) {
    const { definition } = objectOf(tool);
    const name = nameOf(definition) ?? nameOf(tool);
    if (type === "tool_removal") offered.delete(name);
    else if (isObject(definition)) {
      known.set(name, definition);
      offered.set(name, definition);
    } else if (known.has(name)) offered.set(name, known.get(name));
  }
  return [...offered.values()];
}

/** The changes in system turns, and those in turns that a summary has replaced. */
export function changesIn(messages: unknown): readonly JsonObject[] {
  const contents = flatMap(listOf(messages), (message) => listOf(objectOf(message).content));
  return flatMap(contents, (block): readonly JsonObject[] => {
    const { type, tool_changes: before } = objectOf(block);
    if (type === "tool_addition" || type === "tool_removal") return [objectOf(block)];
    return type === "compaction" ? listOf(before).filter(isObject) : [];
  });
}

const nameOf = (tool: unknown) => stringOf(objectOf(tool).name) ?? stringOf(objectOf(tool).tool_name);
