import type { Failure } from "../model/failure.ts";

/** Where an error carries its failure. Registered, since each script of a build has a copy of the class of its own. */
const carried = Symbol.for("fcc.failure");

/** Breaks off a body; carries the failure that says why. */
export class BrokenBody extends Error {
  readonly [carried]: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this[carried] = failure;
  }
}

/** The failure behind an error of a body, where it is one of ours. */
export function failureOf(error: unknown): Failure {
  const failure = (error as Partial<BrokenBody> | undefined)?.[carried];
  if (failure !== undefined) return failure;
  const message = error instanceof Error ? error.message : "unknown";
  return { kind: "cut-off", message: `The answer broke off (${message}).`, origin: "provider" };
}
