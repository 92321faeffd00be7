import { isObject, type JsonObject, textOf } from "../json.ts";

/**
 * The error that a chunk, or a whole reply, with status 200 tells: gateways that have sent their headers have no other way. It is the whole
 * value, since its status may stand beside `error`; or Groq's word for why it ended a stream early.
 */
export function errorIn(value: unknown): unknown {
  if (isError(value)) return value;
  return isObject(value) && isObject(value.x_groq) ? textOf(value.x_groq.error) : undefined;
}

function isError(value: unknown): boolean {
  if (Array.isArray(value)) return value.some((item) => isObject(item) && hasError(item));
  if (!isObject(value)) return false;
  if (hasError(value)) return true;
  if (Array.isArray(value.choices) || isObject(value.usage)) return false;
  return value.detail !== undefined || textOf(value.message) !== undefined || textOf(value.msg) !== undefined;
}

function hasError(value: JsonObject): boolean {
  if (isFilled(value.error) || (Array.isArray(value.errors) && isFilled(value.errors))) return true;
  if (value.object === "error" || value.type === "error") return true;
  // MiniMax says its status in each reply; zero is success.
  const status = isObject(value.base_resp) ? value.base_resp.status_code : undefined;
  return typeof status === "number" && status !== 0;
}

/** A text, a list or an object with something in it. */
function isFilled(value: unknown): boolean {
  return textOf(value) !== undefined || (typeof value === "object" && value !== null && Object.keys(value).length > 0);
}
