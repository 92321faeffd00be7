import { flatMap } from "../../model/lists.ts";
import { isObject, type JsonObject, listOf } from "../json.ts";
import { callsApart } from "./calls-apart.ts";

/** The items of `input`, which may be one string. */
export function inputItems(input: unknown): readonly JsonObject[] | undefined {
  if (typeof input === "string") return input === "" ? [] : [{ type: "message", role: "user", content: input }];
  if (isObject(input)) return [input];
  return Array.isArray(input)
    ? flatMap(input, (item) => (isObject(item) ? callsApart(item) : typeof item === "string" ? [{ role: "user", content: item }] : []))
    : undefined;
}

/** Tools that come inside the conversation: Codex's "lite" form, and what its tool search found. */
export function toolsInItems(items: readonly JsonObject[]): readonly unknown[] {
  return flatMap(items, (item) => (item.type === "additional_tools" || item.type === "tool_search_output" ? listOf(item.tools) : []));
}
