import { decodeUri } from "../../model/decode-uri.ts";
import { isObject } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";

/** What a local reference (`#/$defs/Name`, `#/properties/a/items/0`) points to. */
export function pointed(reference: string, root: JsonSchema): unknown {
  if (!reference.startsWith("#")) return undefined;
  let place: unknown = root;
  for (const step of reference.slice(1).split("/").slice(1)) {
    if (Array.isArray(place)) place = place[Number(step)];
    else if (isObject(place)) place = place[nameIn(step)];
    else return undefined;
  }
  return place;
}

/** The name that a step of a reference spells: `ids%5B%5D`, `a~1b`. */
export function nameIn(step: string): string {
  return decodeUri(step).replaceAll("~1", "/").replaceAll("~0", "~");
}
