import { append } from "../../model/lists.ts";
import type { Own } from "../../model/opaque.ts";
import { isObject, type JsonObject, listOf } from "../json.ts";
import { citedPages } from "../web-search.ts";
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
      const told = citedPages(cited, began, length);
      cited = [];
      return told.map((page) => ({ type: "url_citation", url_citation: page }));
    },
  };
}
