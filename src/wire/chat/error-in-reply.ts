import { isObject, type JsonObject } from "../json.ts";

/**
 * Whether a chunk, or a whole reply, with status 200 is an error: gateways that have sent their headers have no other way. The error is the
 * whole value, since its status may stand beside `error`.
 */
export function isError(value: unknown): boolean {
  if (Array.isArray(value)) return value.some((item) => isObject(item) && hasError(item));
  if (!isObject(value)) return false;
  if (hasError(value)) return true;
  if (Array.isArray(value.choices)) return false;
  if (isObject(value.usage)) return false;
  return (
    value.detail !== undefined ||
    (typeof value.message === "string" && value.message !== "") ||
    (typeof value.msg === "string" && value.msg !== "")
  );
}

function hasError(value: JsonObject): boolean {
  const { error, errors } = value;
  if (
    typeof error === "string" ? error !== "" : isObject(error) ? Object.keys(error).length > 0 : Array.isArray(error) && error.length > 0
  ) {
    return true;
  }
  if (Array.isArray(errors) && errors.length > 0) return true;
  if (value.object === "error" || value.type === "error") return true;
  // MiniMax says its status in each reply; zero is success.
  return isObject(value.base_resp) && typeof value.base_resp.status_code === "number" && value.base_resp.status_code !== 0;
}
