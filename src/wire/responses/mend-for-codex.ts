import { addFields } from "../add-fields.ts";
import { isObject, type JsonObject, objectOf } from "../json.ts";
import { fieldNamed, fieldSpans, valueNamed } from "../json-bytes.ts";
import { type ByteMend, dataOf, mendEvents } from "../mend-events.ts";
import { endings } from "./endings.ts";
import { readErrorData } from "./error-event.ts";
import { readUsage, writeUsage } from "./usage.ts";
import { errorInReply } from "./write-failure.ts";

/**
 * Mends what Codex cannot read of a stream whose bytes pass. It takes either for a connection that broke off, and asks for the same reply five times
 * more:
 *
 * 1. Usage has each of its figures, and an object of details the one that Codex knows ("failed to parse ResponseCompleted: missing field
 *    `reasoning_tokens`", maximhq/bifrost#891, farion1231/cc-switch#3081).
 * 2. A failure is a reply that failed: of an error beside a reply the message would be lost.
 */
export const mendForCodex = (): ByteMend =>
  mendEvents((event, type) => {
    if (type === "error") return failed(event);
    return endings.has(type) ? withUsage(event) : event;
  });

function withUsage(event: Buffer): Buffer {
  const response = fieldNamed(event, fieldSpans(event, event.indexOf("{")), "response")?.value.start;
  const usage = response === undefined ? undefined : valueNamed(event, fieldSpans(event, response), "usage");
  if (response === undefined || !isObject(usage) || isWhole(usage)) return event;
  return addFields(event, { usage: written(usage) }, response);
}

const figures = ["input_tokens", "output_tokens", "total_tokens"];
const details: readonly (readonly [object: string, figure: string])[] = [
  ["input_tokens_details", "cached_tokens"],
  ["output_tokens_details", "reasoning_tokens"],
];

const isWhole = (usage: JsonObject): boolean =>
  figures.every((name) => Number.isInteger(usage[name])) &&
  details.every(([object, figure]) => (usage[object] ?? null) === null || Number.isInteger(objectOf(usage[object])[figure]));

/** The figures as OpenAI writes them, beside which stands what else the server says. Null says that nobody counted. */
function written(usage: JsonObject): JsonObject | null {
  const counted = writeUsage(readUsage(usage));
  const whole = details.map(([object]) => [object, { ...objectOf(usage[object]), ...objectOf(counted?.[object]) }]);
  return counted && { ...usage, ...counted, ...Object.fromEntries(whole) };
}

function failed(event: Buffer): Buffer {
  const response = { id: "", object: "response", status: "failed", error: errorInReply(readErrorData(dataOf(event))) };
  return Buffer.from(`event: response.failed\ndata: ${JSON.stringify({ type: "response.failed", response })}\n\n`);
}
