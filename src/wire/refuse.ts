import type { Failure } from "../model/failure.ts";

/** A client's request that cannot be taken, with what is wrong and, where it is one, the field. */
export function refuse(message: string, field?: string): { readonly failure: Failure } {
  return { failure: { kind: "bad-request", origin: "client", message, ...(field === undefined ? {} : { refused: { field } }) } };
}

/** The same, thrown to `acceptOrRefuse` by whatever reads a part of a body. */
export class Unacceptable extends Error {
  readonly field: string | undefined;
  constructor(message: string, field?: string) {
    super(message);
    this.field = field;
  }
}

/** With the path of what is wrong before the reason. */
export function unacceptableAt(path: string, why: string): Unacceptable {
  return new Unacceptable(`${path}: ${why}`, path);
}

/** What is made of a body, or the failure of the first thing in it that cannot be taken. */
export function acceptOrRefuse<Accepted>(accept: () => Accepted): Accepted | { readonly failure: Failure } {
  try {
    return accept();
  } catch (error) {
    if (error instanceof Unacceptable) return refuse(error.message, error.field);
    throw error;
  }
}
