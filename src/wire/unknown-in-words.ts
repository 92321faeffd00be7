import { stringifyExactly } from "../model/exact-json.ts";
import type { JsonObject } from "./json.ts";

/** What nobody writes as words: a file in base64, which would cost the model as many tokens as it has bytes. */
const file = /"[\w+/=:;,-]{256,}"/;

/** A block of a type that is not known here says what it says; one with a file in it is at least mentioned. */
export function unknownInWords(block: JsonObject, type: string): string {
  const json = stringifyExactly(block);
  return file.test(json) ? `[${type} omitted]` : json;
}
