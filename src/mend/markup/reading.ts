import type { Request, ResultPart, UserPart } from "../../model/request.ts";

/**
 * Whether a text stands, word for word, in what the user or a tool has given the model to read. Markup of a call that does is repeated, not
 * meant: what a file says must not run because a model quotes it.
 */
export function standsInReading({ turns }: Request, text: string): boolean {
  return turns.some(({ role, parts }) => role === "user" && parts.some((part) => has(part, text)));
}

function has(part: UserPart | ResultPart, text: string): boolean {
  if (part.type === "text") return part.text.includes(text);
  if (part.type === "document") return part.source.type === "text" && part.source.text.includes(text);
  return part.type === "tool-result" && part.parts.some((inner) => has(inner, text));
}
