import { isObject, type JsonObject, listOf, objectOf } from "../json.ts";
import { type Markable, takesMarks } from "./cache-marks.ts";

/**
 * Whether a body has what Anthropic refuses a request for, although it means nothing: text without a character ("text content blocks must be
 * non-empty"), white space at the end of a reply that is to go on ("final assistant content cannot end with trailing whitespace"), or more cache
 * marks than are taken, or in another order.
 */
export function breaksContentRules(body: unknown): boolean {
  const { system, messages } = objectOf(body);
  const turns = listOf(messages).map(objectOf);
  if (hasBlankBlock(system) || turns.some(isBlankTurn) || endsInSpace(turns.at(-1))) return true;
  return !takesMarks(markableOf(objectOf(body)));
}

/** What of a body may bear cache marks. */
export function markableOf({ tools, system, messages }: JsonObject): Markable {
  const contents = listOf(messages).map((turn) => ({ content: blocksOf(objectOf(turn)["content"]) }));
  return { tools: blocksOf(tools), system: blocksOf(system), messages: contents };
}

const blocksOf = (value: unknown): readonly JsonObject[] => listOf(value).filter(isObject);

export const isBlank = (text: unknown): boolean => typeof text === "string" && !/\S/.test(text);

export const isBlankBlock = ({ type, text }: JsonObject): boolean => type === "text" && isBlank(text);

const hasBlankBlock = (content: unknown): boolean => blocksOf(content).some(isBlankBlock);

/** "All messages must have non-empty content except for the optional final assistant message." */
export function mayBeEmpty({ role }: JsonObject, at: number, turns: readonly unknown[]): boolean {
  return role === "assistant" && at === turns.length - 1;
}

function isBlankTurn(turn: JsonObject, at: number, turns: readonly JsonObject[]): boolean {
  const { content } = turn;
  return (isBlank(content) && !(mayBeEmpty(turn, at, turns) && content === "")) || hasBlankBlock(content);
}

function endsInSpace({ role, content }: JsonObject = {}): boolean {
  if (role !== "assistant") return false;
  const text = typeof content === "string" ? content : objectOf(listOf(content).at(-1))["text"];
  return typeof text === "string" && /\s$/.test(text);
}
