import { isObject } from "./json.ts";

/**
 * A body without some of its fields, by their paths as refusals name them: `stop`, `reasoning.summary`, `tools.cache_control` (of each
 * tool). What it is made of stays as it was: a row's own fields are in it. What has none of them is given back itself.
 */
export function withoutFields(body: Record<string, unknown>, paths: readonly string[] = []): Record<string, unknown> {
  return paths.reduce((rest, path) => without(rest, path.split(".")) as Record<string, unknown>, body);
}

function without(value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => without(item, path));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  const [name = "", ...inside] = path;
  if (!isObject(value) || !Object.hasOwn(value, name)) return value;
  const { [name]: field, ...others } = value;
  const left = inside.length === 0 ? undefined : without(field, inside);
  if (left === field && left !== undefined) return value;
  // An object that held nothing else is refused as the field was.
  if (left === undefined || (isObject(left) && Object.keys(left).length === 0)) return others;
  return { ...value, [name]: left };
}
