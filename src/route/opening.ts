import type { WireName } from "../model/opaque.ts";
import { outputLimits } from "../wire/asked-output.ts";
import { type JsonObject, objectOf } from "../wire/json.ts";

/**
 * The part of a request that every conversation of an agent begins with, instructions and tools, as it was sent on a provider's wire. Nothing
 * of the conversation itself is in it.
 */
export interface Opening {
  readonly wire: WireName;
  /** The request without its turns. */
  readonly fields: JsonObject;
  /** Instructions that are sent as turns. */
  readonly leading: readonly unknown[];
}

const turnsOf: Readonly<Record<WireName, string>> = { chat: "messages", messages: "messages", responses: "input" };
/** The roles of instructions. */
const instructing = new Set<unknown>(["system", "developer"]);
/** Fields that only affect one reply. */
const ofTheReply = ["stream", "stream_options", ...outputLimits, "metadata", "stop"];

/** The opening of an agent's request; undefined for one without tools, which is a side call. */
export function openingOf(wire: WireName, body: unknown): Opening | undefined {
  const { [turnsOf[wire]]: turns, ...fields } = objectOf(body);
  if (!Array.isArray(turns) || !Array.isArray(fields.tools) || fields.tools.length === 0) return undefined;
  const begins = turns.findIndex((turn) => !instructing.has(objectOf(turn).role));
  const leading = turns.slice(0, begins < 0 ? turns.length : begins);
  return { wire, fields: Object.fromEntries(Object.entries(fields).filter(([name]) => !ofTheReply.includes(name))), leading };
}

/** The shortest request with an opening: the server processes all that comes before the first turn, and generates almost nothing. */
export function warmUpOf({ wire, fields, leading }: Opening, model: string): JsonObject {
  // A thinking budget is refused with so low an output limit.
  const { thinking, ...others } = fields;
  const kept = objectOf(thinking).type === "enabled" ? others : fields;
  const short = wire === "responses" ? { max_output_tokens: 16 } : { max_tokens: 1 };
  return { ...kept, model, [turnsOf[wire]]: [...leading, { role: "user", content: "." }], ...short, stream: false };
}

/**
 * Whether a request profits from a warm-up: it has the same tools, and its instructions begin with at least half of the opening's. Not all,
 * since they contain the date and the state of the project.
 */
export function followsOpening(opening: Opening, body: unknown): boolean {
  const own = openingOf(opening.wire, body);
  if (own === undefined || JSON.stringify(own.fields.tools) !== JSON.stringify(opening.fields.tools)) return false;
  const [wanted, given] = [instructions(opening), instructions(own)];
  return 2 * common(wanted, given) >= wanted.length;
}

const instructions = ({ fields, leading }: Opening) => JSON.stringify([fields.system, fields.instructions, leading]);

function common(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}
