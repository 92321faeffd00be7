import { isObject, type JsonObject } from "../json.ts";

/**
 * An assistant's message, and the calls that stand among its parts as the items that they should have been: programs send such messages, and
 * the outputs as items (BerriAI/litellm#28978). There the call has its id in `id`.
 */
export function callsApart(message: JsonObject): readonly JsonObject[] {
  const { role, content } = message;
  if (role !== "assistant" || !Array.isArray(content) || !content.some(isCall)) return [message];
  const said = content.filter((part) => !isCall(part));
  const calls = content.filter(isCall).map((call) => ({ ...call, call_id: call.call_id ?? call.id }));
  return said.length === 0 ? calls : [{ ...message, content: said }, ...calls];
}

function isCall(part: unknown): part is JsonObject {
  return isObject(part) && part.type === "function_call";
}
