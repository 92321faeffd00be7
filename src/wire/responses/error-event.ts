import type { Failure } from "../../model/failure.ts";
import { readErrorInReply } from "../failure.ts";
import { isObject, type JsonObject } from "../json.ts";

/** What an error beside the reply says: in an object of its own, as a sentence in that object's place, or beside the event's type. */
export const readErrorEvent = (event: JsonObject): Failure => readErrorInReply(isObject(event.error) ? event : { error: event });
