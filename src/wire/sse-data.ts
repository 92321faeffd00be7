import type { ReplyEvent } from "../model/event.ts";
import type { Failure } from "../model/failure.ts";
import { jsonEnd } from "../model/json-end.ts";
import { flatMap } from "../model/lists.ts";
import type { SseMessage, Stage } from "../model/stage.ts";
import { readErrorInReply } from "./failure.ts";
import { isObject, type JsonObject, parseJson } from "./json.ts";

/**
 * The JSON values of one event's data: nearly always one. Servers have glued two objects into one line, and repeated a field's "data:"
 * in it, before the object too (Michael-A-Kuykendall/shimmy#26), so text that does not parse is tried as a row of values. undefined where it is no JSON at all.
 */
export function readData(data: string): unknown[] | undefined {
  const value = parseJson(data);
  return value === undefined ? readRow(data) : [value];
}

function readRow(text: string): unknown[] | undefined {
  const values: unknown[] = [];
  let rest = text.trim().replace(/^(?:data:\s*)+/, "");
  while (rest !== "") {
    const end = rest.startsWith("{") ? jsonEnd(rest, 0) : undefined;
    const value = end === undefined ? undefined : parseJson(rest.slice(0, end));
    if (value === undefined) return undefined;
    values.push(value);
    rest = rest.slice(end).replace(/^[\s,]*(?:data:)?\s*/, "");
    if (rest === "[DONE]") break;
  }
  return values.length === 0 ? undefined : values;
}

/** Who reads a stream whose data are objects. */
interface ObjectReader {
  take(object: JsonObject, name: string | undefined): readonly ReplyEvent[];
  fail(failure: Failure): readonly ReplyEvent[];
}

/**
 * Reads a stream whose data are objects, and the failures that it tells. Words for people ("[DONE]", "keep-alive") may be passed over, unless
 * the event's name says that they are an error; a broken object was part of the reply, and most often the last of a stream that was cut.
 *
 * @param unended what happened where the stream ends before the reader does
 */
export function readObjects(
  { take, fail }: ObjectReader,
  unended: string,
  idle: () => readonly ReplyEvent[] = () => [],
): Stage<SseMessage, ReplyEvent> {
  const cutOff = (message: string) => fail({ kind: "cut-off", origin: "provider", message });
  return {
    push({ event, data }) {
      const values = readData(data);
      const objects = values?.filter(isObject) ?? [];
      if (event === "error" && objects.length === 0) return fail(readErrorInReply(data));
      if (values === undefined && /^\s*[{[]\s*"/.test(data))
        return cutOff("the provider sent an event that is not JSON; what it held is lost");
      return flatMap(objects, (object) => take(object, event));
    },
    idle,
    fail,
    end: () => cutOff(unended),
  };
}
