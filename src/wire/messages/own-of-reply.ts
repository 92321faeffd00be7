import type { Own } from "../../model/opaque.ts";
import type { JsonObject } from "../json.ts";
import { ownOfReply } from "../own-of-reply.ts";

const figures = ["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens"].map((name) => `usage.${name}`);
const ofUsage = ["usage.", ...figures, "usage.output_tokens_details"];
const stop = ["stop_reason", "stop_sequence", "stop_details"];
const ofMessage = new Set(["id", "type", "role", "model", "content", ...stop, ...ofUsage]);
const ofEnd = new Set(["type", "delta.", ...stop.map((name) => `delta.${name}`), ...ofUsage]);

/** What a message says of itself, at its start or whole: which tier serves it, how long its prompt is cached, in which container its code runs. */
export const ownOfStart = (message: JsonObject): { own?: Own } => ownOfReply("messages", message, ofMessage);

/** The same of the end of a stream, of which a part is `delta`: the container, how much was searched for, what was taken out of the prompt. */
export const ownOfEnd = (ending: JsonObject): { own?: Own } => ownOfReply("messages", ending, ofEnd);
