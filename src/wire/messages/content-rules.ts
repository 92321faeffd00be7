import { keepEach, replaceEach } from "../../model/lists.ts";
import { isObject, type JsonObject, listOf, objectOf } from "../json.ts";
import { limitCacheMarks, type Markable, takesMarks } from "./cache-marks.ts";

/** Whether a body has what `keepContentRules` takes out. */
export function breaksContentRules(body: unknown): boolean {
  return isObject(body) && keepContentRules(body) !== body;
}

/**
 * A body without what Anthropic refuses a request for, although it means nothing: text without a character ("text content blocks must be
 * non-empty"), white space at the end of a reply that is to go on, more cache marks than are taken, or in another order. All else in it stays as
 * it is; a body that has nothing of this is given back itself.
 */
export function keepContentRules(body: JsonObject): JsonObject {
  const turns = listOf(body.messages);
  const left = replaceEach(turns, (turn, at) => withoutBlank(turn, at === turns.length - 1));
  const messages = withoutSpaceAtEnd(keepEach(left, (turn) => turn !== undefined));
  const system = Array.isArray(body.system) ? keepEach(body.system, isNoBlank) : body.system;
  const isSame = messages === turns && system === body.system;
  const said = isSame ? body : { ...body, messages, ...(system === undefined ? {} : { system }) };
  return takesMarks(markableOf(said)) ? said : withFewerMarks(said);
}

const isBlank = (text: unknown): boolean => typeof text === "string" && !/\S/.test(text);

const isNoBlank = (block: unknown): boolean => !(objectOf(block).type === "text" && isBlank(objectOf(block).text));

/** undefined where nothing is left. "All messages must have non-empty content except for the optional final assistant message." */
function withoutBlank(turn: unknown, isLast: boolean): unknown {
  const { role, content } = objectOf(turn);
  if (isBlank(content)) return isLast && role === "assistant" && content === "" ? turn : undefined;
  if (!Array.isArray(content)) return turn;
  const left = keepEach(content, isNoBlank);
  if (left === content) return turn;
  return left.length === 0 ? undefined : { ...objectOf(turn), content: left };
}

function withoutSpaceAtEnd(turns: readonly unknown[]): readonly unknown[] {
  const last = objectOf(turns.at(-1));
  const content = last.role === "assistant" ? trimmedAtEnd(last.content) : last.content;
  return content === last.content ? turns : [...turns.slice(0, -1), { ...last, content }];
}

function trimmedAtEnd(content: unknown): unknown {
  if (typeof content === "string") return content.trimEnd();
  return Array.isArray(content) ? withoutTrailingSpace(content) : content;
}

/** "final assistant content cannot end with trailing whitespace": for a prefill, the beginning of a reply that a client gives. */
export function withoutTrailingSpace<Block>(blocks: readonly Block[]): readonly Block[] {
  const last = objectOf(blocks.at(-1));
  if (last.type !== "text" || typeof last.text !== "string") return blocks;
  const text = last.text.trimEnd();
  if (text === last.text && text !== "") return blocks;
  return [...blocks.slice(0, -1), ...(text === "" ? [] : [{ ...last, text } as Block])];
}

/** What of a body may bear cache marks. */
function markableOf({ tools, system, messages }: JsonObject): Markable {
  const contents = listOf(messages).map((turn) => ({ content: blocksOf(objectOf(turn).content) }));
  return { tools: blocksOf(tools), system: blocksOf(system), messages: contents };
}

const blocksOf = (value: unknown): readonly JsonObject[] => listOf(value).filter(isObject);

/** The marks are taken from copies, since the body may be sent elsewhere too. */
function withFewerMarks(body: JsonObject): JsonObject {
  const own = { ...body, messages: copied(body.messages), system: copied(body.system), tools: copied(body.tools) };
  limitCacheMarks(markableOf(own));
  return own;
}

/** A list of turns, blocks or tools with the blocks in them. */
function copied(list: unknown): unknown {
  if (!Array.isArray(list)) return list;
  return list.map((one) => (isObject(one) ? { ...one, ...(Array.isArray(one.content) ? { content: copied(one.content) } : {}) } : one));
}
