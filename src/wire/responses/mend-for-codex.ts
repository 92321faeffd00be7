import { addFields } from "../add-fields.ts";
import { isObject, type JsonObject, objectOf, textOf } from "../json.ts";
import { fieldNamed, fieldSpans, itemsNamed, valueNamed } from "../json-bytes.ts";
import { type ByteMend, dataOf, mendEvents, readEvent } from "../mend-events.ts";
import { endings } from "./endings.ts";
import { readErrorData } from "./error-event.ts";
import { readUsage, writeUsage } from "./usage.ts";
import { errorInReply } from "./write-failure.ts";

/**
 * Mends what Codex cannot read of a stream whose bytes pass. It takes most of it for a connection that broke off, and asks for the same reply five
 * times more:
 *
 * 1. Usage has each of its figures, and an object of details the one that Codex knows ("failed to parse ResponseCompleted: missing field
 *    `reasoning_tokens`", maximhq/bifrost#891, farion1231/cc-switch#3081).
 * 2. A failure is a reply that failed: of an error beside a reply the message would be lost.
 * 3. The last event has the reply's id ("missing field `id`", deanxv/done-hub#43), and each event's data its type: Codex goes by that alone, not by
 *    the event's name.
 * 4. Each item has an event that it is over. Where none had, those of the whole reply are told before its end: Codex would hear of nothing.
 */
export const mendForCodex = (): ByteMend => {
  let id = "";
  let hasItems = false;
  return mendEvents((given, type) => {
    if (type === "error") return failed(given);
    const event = withType(given, type);
    if (type === "response.created") id = textOf(objectOf(readEvent(event).response).id) ?? id;
    hasItems ||= type === "response.output_item.done";
    if (!endings.has(type)) return event;
    const whole = withUsage(type === "response.completed" ? withId(event, id) : event);
    return hasItems || type !== "response.completed" ? whole : Buffer.concat([...itemsOver(whole), whole]);
  });
};

/** The object in an event's data. Most begin with their type. */
const objectAt = (event: Buffer): number => event.indexOf("{");
const typed = /^data: ?\{\s*"type"/m;

function withType(event: Buffer, type: string | undefined): Buffer {
  if (type?.startsWith("response.") !== true || typed.test(event.toString("latin1", 0, 256))) return event;
  const fields = fieldSpans(event, objectAt(event));
  return fieldNamed(event, fields, "type") === undefined ? addFields(event, { type }, objectAt(event)) : event;
}

function withId(event: Buffer, id: string): Buffer {
  const response = fieldNamed(event, fieldSpans(event, objectAt(event)), "response")?.value.start;
  if (response === undefined) return addFields(event, { response: { id } }, objectAt(event));
  const own = valueNamed(event, fieldSpans(event, response), "id");
  return typeof own === "string" ? event : addFields(event, { id }, response);
}

/** The items that stand in a whole reply, each as the event that it is over. */
function itemsOver(event: Buffer): readonly Buffer[] {
  const response = fieldNamed(event, fieldSpans(event, objectAt(event)), "response")?.value.start;
  if (response === undefined) return [];
  return itemsNamed(event, fieldSpans(event, response), "output").map(({ start, end }, index) =>
    Buffer.concat([
      Buffer.from(`event: response.output_item.done\ndata: {"type":"response.output_item.done","output_index":${index},"item":`),
      event.subarray(start, end),
      Buffer.from("}\n\n"),
    ]),
  );
}

function withUsage(event: Buffer): Buffer {
  const response = fieldNamed(event, fieldSpans(event, objectAt(event)), "response")?.value.start;
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
  figures.every((name) => Number.isSafeInteger(usage[name])) &&
  details.every(([object, figure]) => (usage[object] ?? null) === null || Number.isSafeInteger(objectOf(usage[object])[figure]));

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
