import type { KeySource } from "../schema/secret-sources.ts";

export type AssembledKey =
  /** The documented variables of its row. */
  | { readonly from: "row" }
  | { readonly from: "sources"; readonly sources: readonly KeySource[]; readonly where: string; readonly folder?: string | undefined }
  /** There was a key, but for another place: `where` sent the provider elsewhere, `written` is where a file named the key. */
  | { readonly from: "dropped"; readonly where: string; readonly written?: string }
  | { readonly from: "none" };

interface KeyChange {
  /** The key that the layer names. */
  readonly named: AssembledKey | undefined;
  /** Where the layer sends the provider's requests to another place, if it does. */
  readonly movedBy: string | undefined;
  /** The layer is the environment. */
  readonly inEnvironment: boolean;
  /** The provider's row names variables for a key. */
  readonly ofRow: boolean;
  /** It has its row from this layer. */
  readonly isNew: boolean;
}

/** Which key a provider has after one layer, by the rule that secrets do not follow a provider elsewhere. */
export function keyAfter(before: AssembledKey, { named, movedBy, inEnvironment, ofRow, isNew }: KeyChange): AssembledKey {
  if (named !== undefined) return named;
  const had: AssembledKey = before.from === "none" && ofRow && isNew ? { from: "row" } : before;
  // Where the address comes from the environment, so does the row's key.
  if (movedBy !== undefined && inEnvironment && ofRow) return { from: "row" };
  if (movedBy === undefined || had.from === "none") return had;
  const written = had.from === "sources" ? had.where : had.from === "dropped" ? had.written : undefined;
  return { from: "dropped", where: movedBy, ...(written !== undefined && { written }) };
}
