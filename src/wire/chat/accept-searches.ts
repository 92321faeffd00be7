import type { HostedTool } from "../../model/request.ts";
import { isObject, type JsonObject, listOf, textOf } from "../json.ts";
import { readWebSearch } from "../web-search.ts";

/** Searches of the web that are asked for by a field of their own: OpenAI's `web_search_options`, and xAI's `search_parameters`. */
export function acceptSearches({ web_search_options: options, search_parameters: parameters }: JsonObject): HostedTool[] {
  return [
    ...(isObject(options) ? [search("web_search_options", options, { user_location: placeOf(options) }, {})] : []),
    ...(isObject(parameters) && parameters.mode !== "off" ? [ofXai(parameters)] : []),
  ];
}

/** Here the place stands one step deeper than in the tool of the other wires. */
function placeOf({ user_location: location }: JsonObject): unknown {
  return isObject(location) && isObject(location.approximate) ? { type: "approximate", ...location.approximate } : location;
}

function ofXai(parameters: JsonObject): HostedTool {
  const web = listOf(parameters.sources)
    .filter(isObject)
    .find(({ type }) => type === "web");
  const country = textOf(web?.country);
  const domains = { allowed_domains: web?.allowed_websites, blocked_domains: web?.excluded_websites };
  return search("search_parameters", parameters, country === undefined ? {} : { user_location: { country } }, domains);
}

function search(field: string, value: JsonObject, told: JsonObject, domains: JsonObject): HostedTool {
  return { type: "hosted", wire: "chat", name: field, field, value, webSearch: readWebSearch(told, domains) };
}
