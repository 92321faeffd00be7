import type { JsonSchema } from "../model/request.ts";
import { isObject, objectOf, textOf } from "./json.ts";

/** The one parameter of a tool whose input is free text. */
export const freeformParameter = "input";

export const freeformSchema: JsonSchema = {
  type: "object",
  properties: { [freeformParameter]: { type: "string", description: "The whole input of the tool, as plain text." } },
  required: [freeformParameter],
  additionalProperties: false,
};

/** Free text as the arguments of a function. */
export const freeformArguments = (input: string): string => JSON.stringify({ [freeformParameter]: input });

/** What such a tool is for. A grammar cannot be enforced on a plain function, so the model is told it. */
export function describeFreeform(description: unknown, given: unknown): string {
  const lines = [textOf(description) ?? ""];
  const format = objectOf(given);
  const grammar = isObject(format.grammar) ? format.grammar : format;
  const definition = textOf(grammar.definition);
  if (definition !== undefined) {
    lines.push(`The value of \`${freeformParameter}\` must match this grammar (${textOf(grammar.syntax) ?? "lark"}):\n${definition}`);
  }
  return lines.filter((line) => line !== "").join("\n\n");
}
