import type { Failure } from "../../model/failure.ts";
import { readErrorInReply } from "../failure.ts";
import { isObject, type JsonObject, parseJson } from "../json.ts";

/** What an error beside the reply says: in an object of its own, as a sentence in that object's place, or beside the event's type. */
export const readErrorEvent = (event: JsonObject): Failure => readErrorInReply(isObject(event.error) ? event : { error: event });

/** The same of the data of an event that is an error by its name, which may be words alone. */
export function readErrorData(data: string): Failure {
  const told = parseJson(data.trim()) ?? data.trim();
  return isObject(told) ? readErrorEvent(told) : readErrorInReply(told);
}
