import type { Request } from "../../model/request.ts";
import { refersBack } from "../../wire/responses/memory.ts";
import type { Exchange } from "../exchange.ts";

/** The most tokens that a body can have: neither a vocabulary nor an estimate makes more than one of two bytes of JSON. */
export function mostTokens(bytes: Uint8Array): number {
  return bytes.length / 2;
}

/** Tokens that a template adds, with its list of tools. */
const margin = 256;

/**
 * Whether a prompt surely has no more than so many tokens, by the body's size alone, since an estimate delays what is sent. False where there
 * is media, which may count more than its bytes, or a history that is not in the body.
 */
export function surelyFits(exchange: Exchange, request: Request, most: number): boolean {
  return mostTokens(exchange.body.bytes) + margin <= most && !goesOn(exchange) && !hasMedia(request);
}

/** Whether a request that has been accepted goes on from a reply that was remembered here then; it may have been forgotten since. */
export function goesOn({ body, wire }: Exchange): boolean {
  if (wire !== "responses") return false;
  // Not `body.fields`, which would parse the conversation again.
  const parsed = body.parse();
  return parsed.failure === undefined && refersBack(parsed.json);
}

/** Whether a prompt has images or documents, whose tokens do not follow from their bytes. */
export function hasMedia({ turns }: Request): boolean {
  return turns.some(({ parts }) => parts.some((part) => isMedia(part) || (part.type === "tool-result" && part.parts.some(isMedia))));
}

function isMedia({ type }: { readonly type: string }): boolean {
  return type === "image" || type === "document";
}
