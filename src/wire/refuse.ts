import type { Failure } from "../model/failure.ts";

/** A client's request that cannot be taken, with what is wrong and, where it is one, the field. */
export function refuse(message: string, field?: string): { readonly failure: Failure } {
  return { failure: { kind: "bad-request", origin: "client", message, ...(field === undefined ? {} : { refused: { field } }) } };
}
