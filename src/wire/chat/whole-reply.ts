import { isObject, type JsonObject, listOf, objectOf } from "../json.ts";
import { firstChoice } from "./read-chunks.ts";

/** A whole reply as the one chunk of a stream, whose delta is the message. */
export function asChunk(body: unknown): unknown {
  const reply = unwrapped(body);
  const choice = isObject(reply) ? firstChoice(reply) : undefined;
  if (!isObject(reply) || choice === undefined) return reply;
  // Perplexity's has an empty delta beside the message.
  const delta = isObject(choice.message) ? choice.message : choice.delta;
  return {
    ...reply,
    choices: [{ ...choice, message: null, delta: isObject(delta) ? numbered(withCalls(delta, choice, reply)) : undefined }],
  };
}

/** Each entry is a call of its own, also of those that were given one id (HKUDS/nanobot#4059). */
function numbered(message: JsonObject): JsonObject {
  const { tool_calls: calls } = message;
  if (!Array.isArray(calls)) return message;
  return { ...message, tool_calls: calls.map((call, index) => (isObject(call) ? { ...call, index } : call)) };
}

/** OpenRouter at times puts a whole reply into its field for the provider's name, with null in all others (pydantic-ai#3994). */
function unwrapped(body: unknown): unknown {
  if (!isObject(body) || Array.isArray(body.choices) || !isObject(body.provider)) return body;
  return Array.isArray(body.provider.choices) ? body.provider : body;
}

/** GitHub Copilot parts what Claude says and what it calls into several choices, of which none is another try. */
function withCalls(message: JsonObject, { finish_reason: reason }: JsonObject, { choices }: JsonObject): JsonObject {
  if (reason !== "tool_calls") return message;
  const calls = listOf(choices).flatMap((choice) => listOf(objectOf(objectOf(choice).message).tool_calls));
  return calls.length === 0 ? message : { ...message, tool_calls: calls };
}
