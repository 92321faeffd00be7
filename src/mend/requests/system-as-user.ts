import type { Quirks } from "../../model/quirks.ts";
import type { Request, TextPart } from "../../model/request.ts";

/** Instructions lead the first user turn where a template has no place of their own for them (Gemma, the first Mistral). */
export function systemAsUser(request: Request, quirks: Quirks): Request {
  const [lead, first, ...rest] = request.turns;
  if (quirks.systemRole !== "user" || lead?.role !== "system") return request;
  if (first?.role !== "user") return { ...request, turns: [{ role: "user", parts: lead.parts }, ...request.turns.slice(1)] };
  return { ...request, turns: [{ ...first, parts: [...lead.parts.map(withBlankLine), ...first.parts] }, ...rest] };
}

/** The texts of a turn stand in a line each. */
const withBlankLine = (part: TextPart): TextPart => ({ ...part, text: `${part.text}\n` });
