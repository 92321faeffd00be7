import { isTree, type Path } from "./files/tree.ts";

/** A setting's value as a person would write it, on one line, as valid YAML. */
export function shortForm(path: Path, value: unknown): string {
  return flow(shorten(value, path));
}

function shorten(value: unknown, path: Path): unknown {
  if (Array.isArray(value)) {
    const isTargets = path[0] === "profiles" && path.length === 3;
    // Elsewhere, as among a request's extra fields, a map and its text are two things.
    const isShort = (item: unknown) => isTargets && isTree(item) && Object.keys(item).length === 1 && typeof item.target === "string";
    const items = value.map((item) => (isShort(item) ? item.target : item));
    const single = items.length === 1 && (isTargets || (path[0] === "providers" && path[2] === "key"));
    return single ? items[0] : items;
  }
  if (isTree(value) && typeof value.within === "string") return value.within;
  if (isTree(value) && Array.isArray(value.admits)) return value.admits;
  return isTree(value) && path[2] === "headers" && typeof value.value === "string" ? value.value : value;
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (isTree(value)) {
    const inside = Object.entries(value).map(([key, item]) => `${yamlKey(key)}: ${flow(item)}`);
    return inside.length === 0 ? "{}" : `{ ${inside.join(", ")} }`;
  }
  return typeof value === "string" && isPlain(value) ? value : JSON.stringify(value);
}

/** YAML reads these as text without quotes, inside flow collections too. */
const isPlain = (text: string) =>
  /^[A-Za-z/~.][\w./@~:+-]*$/.test(text) && !text.endsWith(":") && !/^(?:true|false|null|~|\.inf|\.nan)$/i.test(text);

/** A key as YAML takes it, in quotes where it has to be. */
export const yamlKey = (key: string) => (isPlain(key) && !key.includes(":") ? key : JSON.stringify(key));
