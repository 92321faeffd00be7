import { flatMap } from "../../model/lists.ts";
import { isObject, type JsonObject, objectOf } from "../json.ts";
import type { Message } from "./write-turns.ts";

/** The API takes no more. */
const most = 4;

/** What of a body may bear marks. */
export interface Markable {
  readonly tools: readonly JsonObject[];
  readonly system: readonly JsonObject[];
  readonly messages: readonly { readonly content: readonly JsonObject[] }[];
}

interface Body extends Markable {
  readonly messages: readonly Message[];
}

type Marked = { cache_control?: unknown } & Record<string, unknown>;

const lastsAnHour = (block: Marked): boolean => objectOf(block.cache_control).ttl === "1h";

/** The blocks with a mark, in the order in which the API counts them. */
function markedIn({ tools, system, messages }: Markable): Marked[] {
  const blocks = [...tools, ...system, ...flatMap(messages, ({ content }) => flatMap(content, withInner))] as Marked[];
  return blocks.filter((block) => isObject(block.cache_control));
}

/** Whether the API takes a body's marks as they are. */
export function takesMarks(body: Markable): boolean {
  const marks = markedIn(body);
  const short = marks.findIndex((block) => !lastsAnHour(block));
  return marks.length <= most && (short < 0 || !marks.slice(short).some(lastsAnHour));
}

/**
 * Brings the marks of a body to what the API takes: the last four, since a later mark covers what stands before it, and none of an hour
 * behind one of five minutes.
 *
 * @returns how many the body had
 */
export function limitCacheMarks(body: Markable): number {
  const marks = markedIn(body);
  const surplus = Math.max(0, marks.length - most);
  for (const block of marks.slice(0, surplus)) delete block.cache_control;
  let short = false;
  for (const block of marks.slice(surplus)) {
    if (!lastsAnHour(block)) short = true;
    else if (short) block.cache_control = { type: "ephemeral" };
  }
  return marks.length;
}

/**
 * The same, and where the client has no way to set marks but its requests share a prefix, as it says or as every conversation's
 * do, the end of the instructions and of the conversation are marked, and where the request before this one ended: without a mark nothing is
 * cached, and from each mark the API looks back over twenty blocks only, which a turn of ten calls at once has.
 */
export function placeCacheMarks(body: Body, shared: boolean): void {
  const { tools, system, messages } = body;
  if (limitCacheMarks(body) > 0 || !shared) return;
  const answered = messages[messages.findLastIndex(({ role }) => role === "assistant") - 1];
  const ends = [system.at(-1) ?? tools.at(-1), answered?.content.at(-1), messages.at(-1)?.content.at(-1)];
  for (const block of ends as (Marked | undefined)[]) {
    if (block !== undefined && block.type !== "thinking" && block.type !== "redacted_thinking") block.cache_control = { type: "ephemeral" };
  }
}

/** A tool's result has blocks of its own, whose marks stand before its own. */
function withInner(block: JsonObject): JsonObject[] {
  return Array.isArray(block.content) ? [...block.content.filter(isObject), block] : [block];
}

/** Where a request has what a path names: a cache mark wherever the API has them, never in a tool's schema or a call's input, whose names are the user's. */
export function placesOf(path: string): readonly string[] {
  return path.split(".")[0] === "cache_control" ? holders.map((holder) => `${holder}${path}`) : [path];
}

const holders = ["", "tools.", "system.", "messages.content.", "messages.content.content."];
