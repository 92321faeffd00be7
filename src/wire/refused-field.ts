import { isObject } from "./json.ts";

/** Takes a field out of a body, by its path as refusals name it: `stop`, `reasoning.summary`. */
export function refuseField(body: Record<string, unknown>, field: string): void {
  const dot = field.indexOf(".");
  if (dot < 0) delete body[field];
  const name = field.slice(0, dot);
  const outer = body[name];
  if (dot < 0 || !isObject(outer)) return;
  const inner: Record<string, unknown> = { ...outer };
  refuseField(inner, field.slice(dot + 1));
  // An object that held nothing else is refused as the field was.
  if (Object.keys(inner).length === 0) delete body[name];
  else body[name] = inner;
}
