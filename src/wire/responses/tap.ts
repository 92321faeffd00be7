import type { Usage } from "../../model/event.ts";
import type { Failure } from "../../model/failure.ts";
import { readErrorInReply } from "../failure.ts";
import { isObject, parseJson } from "../json.ts";
import { readAlong, type Tap } from "../tap.ts";
import { endings } from "./endings.ts";
import { readUsage } from "./usage.ts";

/** For a stream of server-sent events. Only an error and the event that ends a reply are parsed. */
export function tapStream(): Tap {
  let found: Usage | undefined;
  let failure: Failure | undefined;
  let over = false;
  const along = readAlong(({ event: name, data }) => {
    if (over || !(endings.has(name) || name === "error" || ending.test(data))) return;
    const event = parseJson(data);
    if (!isObject(event)) return;
    const type = event.type ?? name;
    if (type === "error") failure ??= readErrorInReply(isObject(event.error) ? event : { error: event });
    if (!endings.has(type)) return;
    over = true;
    found = usageOfReply(event.response);
    if (isObject(event.response) && isObject(event.response.error)) failure ??= readErrorInReply({ error: event.response.error });
  });
  return {
    ...along,
    over: () => over,
    seen: () => ({ cut: !over && failure === undefined, ...(found && { usage: found }), ...(failure && { failure }) }),
  };
}

/** The type may stand at either end of the object; the text of a delta may hold these words too. */
const ending = new RegExp(`"type"\\s*:\\s*"(?:error|response\\.(?:${[...endings.values()].join("|")}))"`);

/** The usage of a whole reply's body. */
export function usageOfReply(body: unknown): Usage | undefined {
  return isObject(body) && isObject(body.usage) ? readUsage(body.usage) : undefined;
}
