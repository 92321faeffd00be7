import type { Search } from "../../model/opaque.ts";
import type { Request } from "../../model/request.ts";
import type { Ids } from "../../model/stage.ts";
import { type JsonObject, listOf, objectOf } from "../json.ts";
import { pagesIn } from "../web-search.ts";

/** What is looked for where a client of another wire asks for a search, which no server of this wire says: it is what the user asked. */
export function queryOf({ tools, turns }: Request): string | undefined {
  if (!tools.some((tool) => tool.type === "hosted" && tool.webSearch !== undefined && tool.wire !== "chat")) return undefined;
  const parts = turns.findLast(({ role }) => role === "user")?.parts ?? [];
  const said = parts.map((part) => (part.type === "text" ? part.text : "")).join(" ");
  return said.trim().slice(0, longestQuery);
}

/** The pages that a reply cites (`url_citation`), as the search that the client asked for and shows them by. */
export function gatherPages(query: string | undefined, ids: Ids): { take(delta: JsonObject): void; search(): Search | undefined } {
  const found = new Map<string, string>();
  return {
    take({ annotations }) {
      if (query === undefined) return;
      for (const { url, title } of pagesIn(listOf(annotations).map((annotation) => objectOf(annotation).url_citation)))
        found.set(url, title);
    },
    search() {
      if (query === undefined || found.size === 0) return undefined;
      return { id: ids.next("ws_"), query, found: [...found].map(([url, title]) => ({ url, title })) };
    },
  };
}

/** It is shown in one line. */
const longestQuery = 200;
