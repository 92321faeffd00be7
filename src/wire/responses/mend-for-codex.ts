import { addFields } from "../add-fields.ts";
import { isObject, type JsonObject, objectOf, textOf } from "../json.ts";
import { type FieldSpan, fieldNamed, fieldSpans, itemsNamed, valueNamed } from "../json-bytes.ts";
import { type ByteMend, dataOf, mendEvents } from "../mend-events.ts";
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
 * 5. A call's arguments are JSON as a string, and it has an id: where they are an object, or the id lacks, Codex drops the call without a word; it
 *    answers one with the empty string, as servers write what no argument was given to, with "failed to parse function arguments: EOF".
 */
export const mendForCodex = (): ByteMend => {
  let id = "";
  let hasItems = false;
  return mendEvents((given, type) => {
    if (type === "error") return failed(given);
    const event = withType(given, type);
    if (type === "response.created") id = textOf(valueNamed(event, responseIn(event).fields, "id")) ?? id;
    hasItems ||= type === "response.output_item.done";
    if (type === "response.output_item.done") return withRunnableCall(event);
    if (!endings.has(type)) return event;
    const response = responseIn(event);
    const usage = usageFor(valueNamed(event, response.fields, "usage"));
    if (type !== "response.completed") return withLacking(event, response, usage);
    const hasId = typeof valueNamed(event, response.fields, "id") === "string";
    const whole = withLacking(event, response, { ...usage, ...(hasId ? {} : { id }) });
    return hasItems ? whole : Buffer.concat([...itemsOver(event, response), whole]);
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

/** The response in an event's data. It may be as long as the request, whose instructions and tools it repeats. */
function responseIn(event: Buffer): ResponseSpans {
  const at = fieldNamed(event, fieldSpans(event, objectAt(event)), "response")?.value.start;
  return { at, fields: at === undefined ? undefined : fieldSpans(event, at) };
}

interface ResponseSpans {
  readonly at: number | undefined;
  readonly fields: readonly FieldSpan[] | undefined;
}

function withLacking(event: Buffer, { at }: ResponseSpans, lacking: JsonObject): Buffer {
  if (Object.keys(lacking).length === 0) return event;
  return at === undefined ? addFields(event, { response: lacking }, objectAt(event)) : addFields(event, lacking, at);
}

/** The items that stand in a whole reply, each as the event that it is over. */
function itemsOver(event: Buffer, { fields }: ResponseSpans): readonly Buffer[] {
  return itemsNamed(event, fields, "output").map(({ start, end }, index) =>
    withRunnableCall(
      Buffer.concat([
        Buffer.from(`event: response.output_item.done\ndata: {"type":"response.output_item.done","output_index":${index},"item":`),
        event.subarray(start, end),
        Buffer.from("}\n\n"),
      ]),
    ),
  );
}

/** The event that an item is over: if that is a whole call, with what Codex does not run it without. */
function withRunnableCall(event: Buffer): Buffer {
  const at = fieldNamed(event, fieldSpans(event, objectAt(event)), "item")?.value.start;
  const item = at === undefined ? undefined : fieldSpans(event, at);
  if (at === undefined || valueNamed(event, item, "type") !== "function_call") return event;
  if (valueNamed(event, item, "status") === "incomplete") return event;
  const given = fieldNamed(event, item, "arguments")?.value;
  const said = given === undefined ? "null" : event.toString("utf8", given.start, given.end);
  const id = textOf(valueNamed(event, item, "id"));
  const lacking = {
    ...(said.startsWith("{") ? { arguments: said } : said === '""' || said === "null" ? { arguments: "{}" } : {}),
    ...(textOf(valueNamed(event, item, "call_id")) || !id ? {} : { call_id: id }),
  };
  return Object.keys(lacking).length === 0 ? event : addFields(event, lacking, at);
}

/** The usage in the place of one that lacks a figure. */
function usageFor(usage: unknown): JsonObject {
  return isObject(usage) && !isWhole(usage) ? { usage: written(usage) } : {};
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
