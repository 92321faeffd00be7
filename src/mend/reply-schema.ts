import type { Quirks } from "../model/quirks.ts";
import type { Request } from "../model/request.ts";
import { addToSystem } from "./remind.ts";

/** A schema for the reply where the server takes none: the model is told in words; "none" takes the field away as well. */
export function mendReplySchema(request: Request, quirks: Quirks): Request {
  const { schema, ...without } = request;
  const support = quirks.replySchema ?? "json_schema";
  if (schema === undefined || support === "json_schema") return request;
  const text = `Answer with one JSON value that fits this JSON Schema, and nothing else: no words around it, no code fence.\n${JSON.stringify(schema.schema)}`;
  const turns = addToSystem(request.turns, text);
  return support === "none" ? { ...without, turns } : { ...request, turns };
}
