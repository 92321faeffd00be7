import type { JsonObject } from "../../model/json.ts";

export { isObject as isTree } from "../../model/json.ts";

/** Data as it was written, after short forms were brought to the long form. */
export type Tree = JsonObject;
export type Path = readonly (string | number)[];

/** Own keys only: a provider may be called `constructor`. */
export function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

/** `providers.ollama.baseUrl`, `profiles.night.opus[1].context`; a name that holds a dot or white space is quoted. */
export function pathName(path: Path): string {
  return path
    .map((key, index) => {
      if (typeof key === "number") return `[${key}]`;
      const name = /^[^\s.[\]"]+$/.test(key) ? key : JSON.stringify(key);
      return index === 0 ? name : `.${name}`;
    })
    .join("");
}

/** The inverse of `pathName` for what people type, who need not know what a backslash means in quotes. */
export function parsePath(text: string): string[] {
  return Array.from(text.matchAll(/"((?:[^"\\]|\\.)*)"|([^.[\]]+)/g), ([, quoted, bare = ""]) =>
    quoted === undefined ? bare : unquoted(quoted),
  );
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}
