import { stringifyExactly } from "../model/exact-json.ts";
import type { WireName } from "../model/opaque.ts";
import type { Quirks } from "../model/quirks.ts";
import type { Request } from "../model/request.ts";
import { addToSystem } from "./remind.ts";
import { closedSchema } from "./schema/closed.ts";

/**
 * A schema for the reply where the server takes none, or none beside tools: the model is told in words; "none" takes the field away as
 * well. Messages knows no JSON without a schema, and takes only schemas that say which properties there are.
 */
export function mendReplySchema(request: Request, quirks: Quirks, wire: WireName): Request {
  const { schema, ...without } = request;
  if (schema === undefined) return request;
  const hasTools = request.tools.length > 0;
  const sent = wire !== "messages" ? schema.schema : schema.open ? undefined : closedSchema(schema.schema);
  const noField =
    sent === undefined || (hasTools && quirks.schemaBesideTools === false) || (wire === "messages" && quirks.replySchema === "json_object");
  const support = noField ? "none" : (quirks.replySchema ?? "json_schema");
  if (support === "json_schema" && sent !== undefined) return { ...request, schema: { ...schema, schema: sent } };
  if (schema.open && support === "json_object") return request;
  const fitting = schema.open ? "one JSON object" : "one JSON value that fits this JSON Schema";
  const shown = schema.open ? "" : `\n${stringifyExactly(schema.schema)}`;
  const answer = hasTools ? "When there is no tool left to call, answer" : "Answer";
  const text = `${answer} with ${fitting}, and nothing else: no words around it, no code fence.${shown}`;
  const turns = addToSystem(request.turns, text);
  return support === "none" ? { ...without, turns } : { ...request, turns };
}
