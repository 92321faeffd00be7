import { isCall } from "../../model/calls.ts";
import type { AssistantTurn } from "../../model/request.ts";
import { type JsonObject, textOf } from "../json.ts";

/**
 * Follows a conversation and finds the call that each result is of. Those of role "function" never say its id, and Ollama takes those of role
 * "tool" by the name of their tool: they are of its one call in the last assistant message that calls it, or of the one that has no result yet.
 */
export function followCalls() {
  const idsByName = new Map<string, string[]>();
  const answered = new Set<string>();
  const named = (name: string): string | undefined => {
    const ids = idsByName.get(name) ?? [];
    const open = ids.filter((id) => !answered.has(id));
    const [only, ...others] = open.length > 0 ? open : ids;
    return others.length === 0 ? only : undefined;
  };
  return {
    called({ parts }: AssistantTurn): void {
      const calls = parts.filter(isCall);
      for (const { name } of calls) idsByName.set(name, []);
      for (const { id, name } of calls) {
        idsByName.get(name)?.push(id);
        answered.delete(id);
      }
    },
    /** The id of the call that this message answers; undefined where it could be of several, or of none. */
    answeredBy({ tool_call_id, name }: JsonObject): string | undefined {
      const id = textOf(tool_call_id) ?? named(textOf(name) ?? "");
      if (id !== undefined) answered.add(id);
      return id;
    },
  };
}
