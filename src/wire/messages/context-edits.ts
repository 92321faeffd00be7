import { type JsonObject, listOf, objectOf } from "../json.ts";

/** A body without the edits of the context that are refused where the model does not think (`clear_thinking_20251015`). */
export function withoutThinkingEdits(body: JsonObject): JsonObject {
  const { context_management: context, ...others } = body;
  const edits = listOf(objectOf(context)["edits"]);
  const left = edits.filter((edit) => !String(objectOf(edit)["type"]).startsWith("clear_thinking"));
  if (left.length === edits.length) return body;
  return left.length === 0 ? others : { ...body, context_management: { ...objectOf(context), edits: left } };
}
