import { stringifyExactly } from "../../model/exact-json.ts";
import type { WireName } from "../../model/opaque.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { JsonSchema, ReplySchema, Request } from "../../model/request.ts";
import { closedSchema } from "../schema/closed.ts";
import { addToSystem } from "./remind.ts";

/**
 * A schema for the reply where the server takes none, or none beside tools: the model is told in words, and the field goes unless it says
 * that any JSON is wanted.
 */
export function mendReplySchema(request: Request, quirks: Quirks, wire: WireName): Request {
  const { schema, ...without } = request;
  if (schema === undefined) return request;
  const hasTools = request.tools.length > 0;
  const field = hasTools && quirks.schemaBesideTools === false ? undefined : fieldOf(schema, wire);
  const support = quirks.replySchema ?? "json_schema";
  if (field !== undefined && support === "json_schema") return { ...request, schema: field };
  const saysJson = field !== undefined && support === "json_object" && wire !== "messages";
  if (saysJson && schema.open) return request;
  const fitting = schema.open ? "one JSON object" : "one JSON value that fits this JSON Schema";
  const shown = schema.open ? "" : `\n${stringifyExactly(described(schema))}`;
  const answer = hasTools ? "When there is no tool left to call, answer" : "Answer";
  const text = `${answer} with ${fitting}, and nothing else: no words around it, no code fence.${shown}`;
  const turns = addToSystem(request.turns, text);
  return saysJson ? { ...request, turns } : { ...without, turns };
}

/** Messages knows no JSON without a schema, and takes only schemas that say which properties there are. */
function fieldOf(schema: ReplySchema, wire: WireName): ReplySchema | undefined {
  if (wire !== "messages") return schema;
  const closed = schema.open ? undefined : closedSchema(described(schema));
  return closed && { ...schema, schema: closed };
}

/** What OpenAI's clients say beside a schema, inside it, where a wire has no field for it. */
function described({ description, schema }: ReplySchema): JsonSchema {
  return description === undefined || schema.description !== undefined ? schema : { description, ...schema };
}
