import type { Search } from "../../model/opaque.ts";
import { type JsonObject, objectOf, textOf } from "../json.ts";
import { pagesIn } from "../web-search.ts";

/** Reads a reply's blocks for searches: what is looked for stands in one block, and what was found in another, with which the search is told. */
export function readSearches(): (block: JsonObject) => Search | undefined {
  const queries = new Map<unknown, string>();
  return ({ type, id, input, tool_use_id, content }) => {
    if (type === "server_tool_use") {
      const query = textOf(objectOf(input).query);
      if (query !== undefined) queries.set(id, query);
    }
    const query = queries.get(tool_use_id);
    if (type !== "web_search_tool_result" || query === undefined || !Array.isArray(content)) return undefined;
    return { id: textOf(tool_use_id) ?? "", query, found: pagesIn(content) };
  };
}
