import { isObject, type JsonObject, listOf, objectOf } from "../json.ts";
import { takesMarks } from "./cache-marks.ts";

/**
 * Whether a body has what Anthropic refuses a request for, although it means nothing: text without a character ("text content blocks must be
 * non-empty"), white space at the end of a reply that is to go on ("final assistant content cannot end with trailing whitespace"), or more cache
 * marks than are taken, or in another order.
 */
export function breaksContentRules(body: unknown): boolean {
  const { tools, system, messages } = objectOf(body);
  const turns = listOf(messages).map(objectOf);
  if (hasBlankBlock(system) || turns.some(isBlankTurn) || endsInSpace(turns.at(-1))) return true;
  return !takesMarks({
    tools: blocksOf(tools),
    system: blocksOf(system),
    messages: turns.map(({ content }) => ({ content: blocksOf(content) })),
  });
}

const blocksOf = (value: unknown): readonly JsonObject[] => listOf(value).filter(isObject);

const isBlank = (text: unknown): boolean => typeof text === "string" && !/\S/.test(text);

const hasBlankBlock = (content: unknown): boolean => blocksOf(content).some(({ type, text }) => type === "text" && isBlank(text));

/** "All messages must have non-empty content except for the optional final assistant message." */
function isBlankTurn({ role, content }: JsonObject, at: number, turns: readonly JsonObject[]): boolean {
  const mayBeEmpty = role === "assistant" && at === turns.length - 1;
  return (isBlank(content) && !(mayBeEmpty && content === "")) || hasBlankBlock(content);
}

function endsInSpace({ role, content }: JsonObject = {}): boolean {
  if (role !== "assistant") return false;
  const text = typeof content === "string" ? content : objectOf(listOf(content).at(-1))["text"];
  return typeof text === "string" && /\s$/.test(text);
}
