import { listOf, objectOf } from "../model/json.ts";

/** What other people's JSON holds, read without trust: a wrong type is the same as an absent field. */

/** A name fit to be shown and sent: not empty, not endless, without control characters. */
export function name(value: unknown): string | undefined {
  if (typeof value !== "string" || value === "" || value.length > 512) return undefined;
  return /[\u0000-\u001f\u007f-\u009f]/.test(value) ? undefined : value;
}

/** Far more than any server has models. In as many bytes as a list may have there is room for millions, which would take minutes to look at. */
const mostEntries = 10_000;

/** What a list of models lists; nothing, where it is no list. */
export const entriesOf = (value: unknown): readonly unknown[] => listOf(value).slice(0, mostEntries);

/** A count of tokens or bytes: a positive whole number; some servers write it as a string. */
export function count(value: unknown): number | undefined {
  const figure = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof figure === "number" && Number.isSafeInteger(figure) && figure > 0 ? figure : undefined;
}

/** The window that a model was trained for, where it tells more than the one in force. */
export function beyond(context: number | undefined, trained: number | undefined): number | undefined {
  return trained !== undefined && trained > (context ?? 0) ? trained : undefined;
}

/** A price or another figure that may be zero and have fractions. */
export function figure(value: unknown): number | undefined {
  const read = typeof value === "string" && /^\d{1,12}(\.\d{1,15})?(e-?\d{1,2})?$/i.test(value) ? Number(value) : value;
  return typeof read === "number" && Number.isFinite(read) && read >= 0 ? read : undefined;
}

export function yes(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

/** `meta.n_ctx` in nested fields, `providers.0.context_length` in lists. */
export function at(value: unknown, path: string): unknown {
  let here = value;
  for (const key of path.split(".")) here = Array.isArray(here) ? here[Number(key)] : objectOf(here)[key];
  return here;
}

/** The first of these paths that `read` accepts, and which it was. */
export function first<Read>(
  value: unknown,
  paths: readonly string[],
  read: (value: unknown) => Read | undefined,
): { value: Read; path: string } | undefined {
  for (const path of paths) {
    const found = read(at(value, path));
    if (found !== undefined) return { value: found, path };
  }
  return undefined;
}
