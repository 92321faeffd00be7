import type { Usage } from "../../model/event.ts";
import { readErrorInReply } from "../failure.ts";
import { isObject, parseJson } from "../json.ts";
import { type Tap, tapMessages } from "../tap.ts";
import { endings } from "./endings.ts";
import { readErrorData } from "./error-event.ts";
import { readUsage } from "./usage.ts";

/** For a stream of server-sent events. Only an error and the event that ends a reply are parsed. */
export function tapStream(): Tap {
  let usage: Usage | undefined;
  return tapMessages(
    ({ event: name, data }, ending) => {
      if (ending.over || !(endings.has(name) || name === "error" || telling.test(data))) return;
      const event = parseJson(data);
      const type = (isObject(event) ? event.type : undefined) ?? name;
      if (type === "error") ending.failure ??= readErrorData(data);
      if (!isObject(event)) return;
      if (!endings.has(type)) return;
      ending.over = true;
      usage = usageOfReply(event.response);
      const error = (isObject(event.response) ? event.response.error : undefined) ?? event.error;
      if (isObject(error)) ending.failure ??= readErrorInReply({ error });
    },
    () => usage,
  );
}

/** The type may stand at either end of the object; the text of a delta may hold these words too. */
const telling = new RegExp(`"type"\\s*:\\s*"(?:error|response\\.(?:${[...endings.values()].join("|")}))"`);

/** The usage of a whole reply's body. */
export function usageOfReply(body: unknown): Usage | undefined {
  return isObject(body) && isObject(body.usage) ? readUsage(body.usage) : undefined;
}
