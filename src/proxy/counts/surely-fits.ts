import type { Request } from "../../model/request.ts";
import type { Exchange } from "../exchange.ts";
import type { Session } from "../session.ts";

/** Tokens of a body at most: no vocabulary makes more than one of two bytes of JSON, and an estimate neither. */
export function mostTokens(bytes: Uint8Array): number {
  return bytes.length / 2;
}

/** What a template adds, and a list of tools. */
const margin = 256;

/**
 * Whether prompt and output fit a window in any case, by the body's size alone: reading the prompt for an estimate delays what is sent.
 * Never where there is media, which may count more than its bytes, or a history that is not in the body.
 *
 * @param output tokens
 */
export function surelyFits(
  session: Session,
  { body: { bytes, fields }, wire }: Exchange,
  request: Request,
  output: number,
  window: number,
): boolean {
  if (mostTokens(bytes) + output + margin > window) return false;
  if (wire === "responses" && session.responses.knows(fields)) return false;
  return !hasMedia(request);
}

/** Whether what a prompt counts says little of its body's size, or the other way about. */
export function hasMedia({ turns }: Request): boolean {
  return turns.some(({ parts }) => parts.some((part) => isMedia(part) || (part.type === "tool-result" && part.parts.some(isMedia))));
}

function isMedia({ type }: { readonly type: string }): boolean {
  return type === "image" || type === "document";
}
