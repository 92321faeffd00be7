import type { FunctionTool, JsonSchema } from "../model/request.ts";
import { isObject, objectOf, textOf } from "./json.ts";

/** The one parameter of a tool whose input is free text. */
export const freeformParameter = "input";

const freeformSchema: JsonSchema = {
  type: "object",
  properties: { [freeformParameter]: { type: "string", description: "The whole input of the tool, as plain text." } },
  required: [freeformParameter],
  additionalProperties: false,
};

/** Free text as the arguments of a function. */
export const freeformArguments = (input: string): string => JSON.stringify({ [freeformParameter]: input });

/**
 * A tool that takes free text as a function of one parameter, whose calls are told as its own again. A grammar cannot be enforced on it, so
 * the model is told it.
 */
export function freeformFunction(name: string, description: unknown, given: unknown): FunctionTool {
  const lines = [textOf(description) ?? ""];
  const format = objectOf(given);
  const grammar = isObject(format.grammar) ? format.grammar : format;
  const definition = textOf(grammar.definition);
  if (definition !== undefined) {
    lines.push(`The value of \`${freeformParameter}\` must match this grammar (${textOf(grammar.syntax) ?? "lark"}):\n${definition}`);
  }
  const told = lines.filter((line) => line !== "").join("\n\n");
  return { type: "function", name, ...(told === "" ? {} : { description: told }), parameters: freeformSchema };
}
