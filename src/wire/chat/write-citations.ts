import { append } from "../../model/lists.ts";
import type { Own } from "../../model/opaque.ts";
import { countOf, isObject, type JsonObject, listOf, textOf } from "../json.ts";

/** The pages that a text cites, told at its end. `from` and `to`: where it stands in the content. */
export interface Citations {
  take(own: Own): void;
  tell(from: number, to: number): readonly JsonObject[];
}

/**
 * Citations of another wire as this one says them (`url_citation`). Responses says between which characters of its text the words stand; Messages
 * has a block of their own for them. What is no page has no form here.
 */
export function gatherCitations(): Citations {
  let cited: JsonObject[] = [];
  return {
    take({ fields }) {
      append(cited, listOf(fields.annotations ?? fields.citations).filter(isObject));
    },
    tell(from, to) {
      const told = cited.flatMap(({ url: address, title, start_index, end_index }) => {
        const url = textOf(address);
        if (url === undefined) return [];
        const at = (index: unknown, none: number) => Math.min(to, from + (countOf(index) ?? none));
        const place = { start_index: at(start_index, 0), end_index: at(end_index, to) };
        return [{ type: "url_citation", url_citation: { url, title: textOf(title) ?? url, ...place } }];
      });
      cited = [];
      return told;
    },
  };
}
