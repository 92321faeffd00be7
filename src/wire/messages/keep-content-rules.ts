import { isObject, type JsonObject, listOf, objectOf } from "../json.ts";
import { limitCacheMarks, takesMarks } from "./cache-marks.ts";
import { isBlank, isBlankBlock, markableOf, mayBeEmpty } from "./content-rules.ts";

/** A body without what `breaksContentRules` finds; all else in it stays as it is. */
export function keepContentRules(body: JsonObject): JsonObject {
  const { system, messages } = body;
  const kept = listOf(messages).flatMap((turn, at, turns) => (isObject(turn) ? withoutBlank(turn, mayBeEmpty(turn, at, turns)) : [turn]));
  const said = { ...body, messages: withoutSpaceAtEnd(kept), ...(Array.isArray(system) ? { system: withoutBlankBlocks(system) } : {}) };
  return takesMarks(markableOf(said)) ? said : withFewerMarks(said);
}

function withoutBlankBlocks(blocks: readonly unknown[]): readonly unknown[] {
  const left = blocks.filter((block) => !isBlankBlock(objectOf(block)));
  return left.length === blocks.length ? blocks : left;
}

/** A turn of which nothing is left is none. */
function withoutBlank(turn: JsonObject, isKept: boolean): JsonObject[] {
  const { content } = turn;
  if (isBlank(content)) return isKept && content === "" ? [turn] : [];
  if (!Array.isArray(content)) return [turn];
  const left = withoutBlankBlocks(content);
  if (left === content) return [turn];
  return left.length === 0 ? [] : [{ ...turn, content: left }];
}

function withoutSpaceAtEnd(turns: readonly unknown[]): readonly unknown[] {
  const last = objectOf(turns.at(-1));
  const { role, content } = last;
  if (role !== "assistant") return turns;
  if (typeof content === "string") return [...turns.slice(0, -1), { ...last, content: content.trimEnd() }];
  const blocks = listOf(content);
  const block = objectOf(blocks.at(-1));
  if (block.type !== "text" || typeof block.text !== "string") return turns;
  return [...turns.slice(0, -1), { ...last, content: [...blocks.slice(0, -1), { ...block, text: block.text.trimEnd() }] }];
}

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
