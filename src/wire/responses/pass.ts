import type { Usage } from "../../model/event.ts";
import { isObject, parseJson } from "../json.ts";
import { readSse } from "../sse.ts";
import { readUsage } from "./read.ts";

/** Reads along where a provider's own bytes go to the client; never keeps, changes or delays them. */
export interface UsageTap {
  push(bytes: Uint8Array): void;
  end(): void;
  /** The event that ends a reply has passed. */
  over(): boolean;
  /** What the provider counted, once its last event has passed. */
  usage(): Usage | undefined;
}

/** For a stream of server-sent events. Only the event that ends a reply is parsed. */
export function createUsageTap(): UsageTap {
  const messages = readSse();
  let found: Usage | undefined;
  let over = false;
  const read = (list: ReturnType<typeof messages.push>) => {
    for (const { data } of list) {
      if (over || !ending.test(data)) continue;
      const event = parseJson(data);
      if (!isObject(event) || !endings.has(event.type)) continue;
      over = true;
      found = usageOf(event.response);
    }
  };
  return {
    push: (bytes) => read(messages.push(bytes)),
    end: () => read(messages.end()),
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
