import type { WireName } from "../../model/opaque.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { Request } from "../../model/request.ts";

/** Switches thinking off where the model's chat endpoint takes tools only then. That makes another model of it: a person is told. */
export function noThinkingBesideTools(request: Request, quirks: Quirks, wire: WireName, tell: (notice: string) => void): Request {
  if (wire !== "chat" || quirks.effortBesideTools !== false || request.tools.length === 0) return request;
  tell("The model does not think: its chat endpoint takes tools only without. Where its server has /v1/responses, name that in `speaks`.");
  return { ...request, reasoning: { enabled: false } };
}
