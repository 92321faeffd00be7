import { type JsonObject, listOf, objectOf, textOf } from "../json.ts";

/** With its tool's name in each tool message, for a server that does not find it by the call's id. */
export function nameResults(messages: readonly JsonObject[]): JsonObject[] {
  const names = new Map<unknown, string>();
  return messages.map((message) => {
    for (const call of listOf(message.tool_calls).map(objectOf)) {
      const name = textOf(objectOf(call.function).name ?? objectOf(call.custom).name);
      if (name !== undefined) names.set(call.id, name);
    }
    const name = message.role === "tool" ? names.get(message.tool_call_id) : undefined;
    return name === undefined ? message : { ...message, name };
  });
}
