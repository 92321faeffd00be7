import type { Usage } from "../../model/event.ts";
import { isObject, parseJson } from "../json.ts";
import { readAlong, type UsageTap } from "../usage-tap.ts";
import { readUsage } from "./read.ts";

/** For a stream of server-sent events. Only the event that ends a reply is parsed. */
export function createUsageTap(): UsageTap {
  let found: Usage | undefined;
  let over = false;
  const along = readAlong(({ data }) => {
    if (over || !ending.test(data)) return;
    const event = parseJson(data);
    if (!isObject(event) || !endings.has(event.type)) return;
    over = true;
    found = usageOf(event.response);
  });
  return {
    ...along,
    over: () => over,
    usage: () => found,
  };
}

const endings = new Set<unknown>(["response.completed", "response.incomplete", "response.failed"]);
/** The type may stand at either end of the object; the text of a delta may hold these words too. */
const ending = /"type"\s*:\s*"response\.(?:completed|incomplete|failed)"/;

/** The usage of a whole reply's body. */
export function usageOf(body: unknown): Usage | undefined {
  return isObject(body) && isObject(body.usage) ? readUsage(body.usage) : undefined;
}
