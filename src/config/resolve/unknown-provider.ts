import { didYouMean, nearest } from "../../route/nearest.ts";
import type { Rows } from "./known-providers.ts";

/** `model` and `place` are those of the target that names it, where one does. */
export function unknownProvider(
  { rows, configured }: { readonly rows: Rows; readonly configured: readonly string[] },
  id: string,
  model?: string,
  place?: string,
): string {
  const known = [...new Set([...configured, ...Object.keys(rows)])];
  const where = place === undefined ? "" : ` (${place})`;
  const near = nearest(id, known);
  if (near !== undefined && model !== undefined) return `"${id}" is not a known provider${where}. Did you mean "${near}/${model}"?`;
  return `"${id}" is not a known provider${where}.${didYouMean(id, known) || " `fcc providers` lists them."}`;
}

/** The same for what a provider `extends`. */
export function unknownKind(id: string, kind: string, rows: Rows, place?: string): string {
  const where = place === undefined ? "" : ` (${place})`;
  return `providers.${id} extends "${kind}", which is not a known provider${where}.${didYouMean(kind, Object.keys(rows)) || " `fcc providers` lists them."}`;
}
