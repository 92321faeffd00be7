import type { Search } from "../../model/opaque.ts";
import type { Request } from "../../model/request.ts";
import type { Ids } from "../../model/stage.ts";
import { type JsonObject, listOf, objectOf } from "../json.ts";
import { pagesIn } from "../web-search.ts";

/**
 * The pages that a reply cites (`url_citation`), as the search that a client of another wire asked for and shows them by. What was looked for
 * no server of this wire says: it is what the user asked.
 */
export function gatherPages(request: Request, ids: Ids): { take(delta: JsonObject): void; search(): Search | undefined } {
  const asked = request.tools.some((tool) => tool.type === "hosted" && tool.webSearch !== undefined && tool.wire !== "chat");
  const found = new Map<string, string>();
  return {
    take({ annotations }) {
      if (!asked) return;
      for (const { url, title } of pagesIn(listOf(annotations).map((annotation) => objectOf(annotation).url_citation)))
        found.set(url, title);
    },
    search() {
      if (found.size === 0) return undefined;
      const parts = request.turns.findLast(({ role }) => role === "user")?.parts ?? [];
      const query = parts.map((part) => (part.type === "text" ? part.text : "")).join(" ");
      return { id: ids.next("ws_"), query: query.trim().slice(0, longestQuery), found: [...found].map(([url, title]) => ({ url, title })) };
    },
  };
}

/** It is shown in one line. */
const longestQuery = 200;
