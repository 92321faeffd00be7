import type { WireName } from "../model/opaque.ts";
import { outputLimits } from "../wire/asked-output.ts";
import { type JsonObject, objectOf } from "../wire/json.ts";

/**
 * What a conversation begins with however it goes on, as it was sent to a provider: instructions and tools, in that provider's wire. No word
 * of the conversation itself is in it.
 */
export interface Opening {
  readonly wire: WireName;
  /** The request without its turns. */
  readonly fields: JsonObject;
  /** Instructions that stand where turns do. */
  readonly leading: readonly unknown[];
}

const turnsOf: Readonly<Record<WireName, string>> = { chat: "messages", messages: "messages", responses: "input" };
/** Who speaks before the conversation. */
const instructing = new Set<unknown>(["system", "developer"]);
/** What only says how one reply comes. */
const ofTheReply = ["stream", "stream_options", ...outputLimits, "metadata", "stop"];

/** The opening of an agent's request; undefined where it has no tools: such a call is beside the conversation. */
export function openingOf(wire: WireName, body: unknown): Opening | undefined {
  const { [turnsOf[wire]]: turns, ...fields } = objectOf(body);
  if (!Array.isArray(turns) || !Array.isArray(fields.tools) || fields.tools.length === 0) return undefined;
  const begins = turns.findIndex((turn) => !instructing.has(objectOf(turn).role));
  const leading = turns.slice(0, begins < 0 ? turns.length : begins);
  return { wire, fields: Object.fromEntries(Object.entries(fields).filter(([name]) => !ofTheReply.includes(name))), leading };
}

/** The shortest request with an opening: it makes a server read all that stands before the first turn, and write next to nothing. */
export function warmUpOf({ wire, fields, leading }: Opening, model: string): JsonObject {
  // A budget for thinking is refused beside so short a reply.
  const { thinking, ...others } = fields;
  const kept = objectOf(thinking).type === "enabled" ? others : fields;
  const short = wire === "responses" ? { max_output_tokens: 16 } : { max_tokens: 1 };
  return { ...kept, model, [turnsOf[wire]]: [...leading, { role: "user", content: "." }], ...short, stream: false };
}

/**
 * Whether a request goes the way that a warm-up prepares: the same tools, and at least half of its instructions word for word, since they
 * hold the date and the state of the project too.
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
