import { defined } from "../model/defined.ts";
import type { Search } from "../model/opaque.ts";
import type { WebSearch } from "../model/request.ts";
import { countOf, isObject, type JsonObject, listOf, textOf } from "./json.ts";

/** What a tool that searches the web says of its search; where the domains stand differs between the wires. */
export function readWebSearch(tool: JsonObject, domains: JsonObject): WebSearch {
  return defined({
    allowed: domainsIn(domains.allowed_domains),
    blocked: domainsIn(domains.blocked_domains),
    // OpenAI's may leave the type out, Anthropic demands it.
    location: isObject(tool.user_location) ? { type: "approximate", ...tool.user_location } : undefined,
    maxUses: countOf(tool.max_uses),
  });
}

/** The pages that a search found; one without a title goes by its address. */
export function pagesIn(list: unknown): Search["found"] {
  return listOf(list)
    .filter(isObject)
    .flatMap((page) => {
      const url = textOf(page.url);
      return url === undefined ? [] : [{ url, title: textOf(page.title) ?? url }];
    });
}

/**
 * The pages that the text between two places of a content cites. OpenAI's wires say between which characters of it the words stand; Messages has a
 * block of text of its own for what is cited. What is no page has no form on another wire.
 */
export function citedPages(cited: readonly JsonObject[], from: number, to: number): readonly JsonObject[] {
  const at = (index: unknown, none: number) => Math.min(to, from + (countOf(index) ?? none));
  return cited.flatMap((citation) => {
    const place = { start_index: at(citation.start_index, 0), end_index: at(citation.end_index, to - from) };
    return pagesIn([citation]).map((page) => ({ ...place, ...page }));
  });
}

/** The domains of a search; only those that are blocked have another name elsewhere. */
export function writeDomains({ allowed, blocked }: WebSearch, blockedName: string): JsonObject {
  return defined({ allowed_domains: allowed, [blockedName]: blocked });
}

function domainsIn(value: unknown): readonly string[] | undefined {
  const domains = listOf(value)
    .map(textOf)
    .filter((domain) => domain !== undefined);
  return domains.length === 0 ? undefined : domains;
}
