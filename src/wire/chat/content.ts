import { append } from "../../model/lists.ts";
import type { Own } from "../../model/opaque.ts";
import { countOf, isObject, type JsonObject, listOf, textOf } from "../json.ts";
import { gapBetween, type Said } from "./text-gap.ts";

/** The content of a reply's message while it is written: its texts as one, and the pages that each cites. */
export function createContent() {
  /** What it ends with, once there is some. */
  let before: Said | undefined;
  let length = 0;
  /** Where the text that is open begins, once it has some. */
  let began: number | undefined;
  let cited: JsonObject[] = [];
  return {
    /** More of it, with the gap to what was before. */
    add(kind: "text" | "block", text: string): string {
      const gap = before === undefined ? "" : gapBetween(before, kind);
      before = kind;
      length += gap.length;
      began ??= length;
      length += text.length;
      return gap + text;
    },
    /** What is no text of this wire: a search, or the beginning of another message. Servers of this wire part no text by it. */
    pass(): void {
      before &&= "other";
    },
    beginText(): void {
      began = undefined;
    },
    cite({ fields }: Own): void {
      append(cited, listOf(fields.annotations ?? fields.citations).filter(isObject));
    },
    /** The pages that the text cites. */
    endText(): readonly JsonObject[] {
      if (began === undefined) return [];
      const told = citationsOf(cited, began, length);
      cited = [];
      return told;
    },
  };
}

/**
 * Citations of another wire as this one says them (`url_citation`), of the text between two places of the content. Responses says between which
 * characters of its text the words stand; Messages has a block of their own for them. What is no page has no form here.
 */
function citationsOf(cited: readonly JsonObject[], from: number, to: number): readonly JsonObject[] {
  const at = (index: unknown, none: number) => Math.min(to, from + (countOf(index) ?? none));
  return cited.flatMap(({ url: address, title, start_index, end_index }) => {
    const url = textOf(address);
    if (url === undefined) return [];
    const place = { start_index: at(start_index, 0), end_index: at(end_index, to) };
    return [{ type: "url_citation", url_citation: { url, title: textOf(title) ?? url, ...place } }];
  });
}
