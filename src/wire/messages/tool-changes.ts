import { flatMap } from "../../model/lists.ts";
import { isObject, type JsonObject, listOf, objectOf, stringOf } from "../json.ts";

/**
 * `tools` as they stand at the end of a conversation in which some came and went: a client that adds or removes one leaves the list as it
 * was, for the prompt cache, and says so in a system turn. Other wires can only say which tools there are.
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

/** Those of system turns, and those of the turns that a summary stands for. */
export function changesIn(messages: unknown): readonly JsonObject[] {
  const contents = flatMap(listOf(messages), (message) => listOf(objectOf(message).content));
  return flatMap(contents, (block): readonly JsonObject[] => {
    const { type, tool_changes: before } = objectOf(block);
    if (type === "tool_addition" || type === "tool_removal") return [objectOf(block)];
    return type === "compaction" ? listOf(before).filter(isObject) : [];
  });
}

const nameOf = (tool: unknown) => stringOf(objectOf(tool).name) ?? stringOf(objectOf(tool).tool_name);
