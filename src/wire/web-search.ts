import type { WebSearch } from "../model/request.ts";
import { countOf, isObject, type JsonObject, listOf, textOf } from "./json.ts";

/** What a tool that searches the web says of its search; where the domains stand differs between the wires. */
export function readWebSearch(tool: JsonObject, domains: JsonObject): WebSearch {
  const allowed = listOf(domains.allowed_domains)
    .map(textOf)
    .filter((domain) => domain !== undefined);
  const blocked = listOf(domains.blocked_domains)
    .map(textOf)
    .filter((domain) => domain !== undefined);
  const maxUses = countOf(tool.max_uses);
  return {
    ...(allowed.length === 0 ? {} : { allowed }),
    ...(blocked.length === 0 ? {} : { blocked }),
    ...(isObject(tool.user_location) ? { location: tool.user_location } : {}),
    ...(maxUses === undefined ? {} : { maxUses }),
  };
}

/** The domains of a search; only those that are blocked have another name elsewhere. */
export function writeDomains({ allowed, blocked }: WebSearch, blockedName: string): JsonObject {
  return { ...(allowed && { allowed_domains: allowed }), ...(blocked && { [blockedName]: blocked }) };
}
