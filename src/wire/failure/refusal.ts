import type { Capability } from "../../model/failure.ts";
import { refusedOutput } from "./output-limit.ts";
import { refusedCapability } from "./refused-capability.ts";
import { refusedField } from "./refused-field.ts";
import { inWordsOfPydantic } from "./zod.ts";

/** What of the request a provider does not take. */
export interface Refusal {
  readonly field?: string;
  readonly capability?: Capability;
  /** The most that the field may be, in tokens, where the field is the output limit. */
  readonly most?: number;
}

/**
 * Reads a refusal out of an error of the request (400, 404, 413, 422, or 500 where a server blames itself). The order is that in which
 * the client tries its recoveries: the first capability that fits is told.
 */
export function readRefusal(sentence: string, tokens: readonly string[], param: string | undefined): Refusal | undefined {
  const message = inWordsOfPydantic(sentence);
  const output = refusedOutput(message);
  if (output !== undefined) return output;
  const field = refusedField(message, tokens, param);
  const capability = refusedCapability(message, field);
  if (field === undefined && capability === undefined) return undefined;
  return { ...(field === undefined ? {} : { field }), ...(capability === undefined ? {} : { capability }) };
}
