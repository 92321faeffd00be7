import type { Opaque, Search } from "../../model/opaque.ts";
import { isObject, type JsonObject } from "../json.ts";

/** What only one wire can say, as blocks of this one: ours as it was, of another wire a search in our form, and all else in its words. */
export function opaqueBlocks(part: Opaque): JsonObject[] {
  if (part.wire === "messages" && isObject(part.value)) return [part.value];
  if (part.search !== undefined) return searchBlocks(part.search);
  return part.text === undefined || part.text === "" ? [] : [{ type: "text", text: part.text }];
}

function searchBlocks({ id, query, found }: Search): JsonObject[] {
  const use = `srvtoolu_${id.replace(/[^A-Za-z0-9_-]/g, "_")}`;
  const content = found.map((page) => ({ type: "web_search_result", ...page, encrypted_content: "", page_age: null }));
  return [
    { type: "server_tool_use", id: use, name: "web_search", input: { query } },
    { type: "web_search_tool_result", tool_use_id: use, content },
  ];
}
