import type { Quirks } from "../model/quirks.ts";
import { quirksOf } from "../providers/quirks-of.ts";
import { nameOf, type Target } from "./target.ts";

/**
 * The fields that a configuration adds to every request, where bytes pass too. Those of a row are for requests that fcc writes itself: in
 * the client's own it has said what it wants.
 */
export function addedFields(target: Target, { extraBody }: Quirks): Quirks["extraBody"] {
  return extraBody === quirksOf(target.provider.row, nameOf(target)).extraBody ? undefined : extraBody;
}
