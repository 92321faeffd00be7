import type { Failure } from "../../model/failure.ts";
import type { Quirks } from "../../model/quirks.ts";
import { type Sentences, saysAny } from "../../wire/failure/sentences.ts";
import type { Circumstances } from "../memory.ts";
import type { Provider } from "../target.ts";

/** A refusal, and the request that it is of. */
export interface Refused extends NonNullable<Failure["refused"]>, Pick<Circumstances, "sent" | "client" | "wire" | "has"> {
  /** The client's bytes passed, but perhaps for single fields. */
  readonly native: boolean;
  readonly message: string;
  readonly limit: Failure["limit"];
  /** Those by which the request was written. */
  readonly quirks: Quirks;
  /** The client itself leaves out what a capability is refused for, as Claude Code does. */
  readonly clientLeavesOut: boolean;
  readonly speaks: Provider["speaks"];
}

/** A row: which refusals it matches, and how the next request is written. */
export interface Lesson {
  /** What the server's message says. */
  readonly says?: Sentences;
  /** What else has to hold. */
  readonly when?: (refused: Refused) => boolean;
  /**
   * By which the next request is written. A row whose quirks the request already obeyed does not match. A function may return undefined, where
   * it does not match, or null, where nothing is left to try.
   */
  readonly quirks: Quirks | ((refused: Refused) => Quirks | null | undefined);
  /** Where bytes passed, the conversation is translated from then on. */
  readonly rewrites?: true;
}

/** Whether a setting that was refused is the client's own, who may leave it out. */
export const isAsAsked = ({ sent }: Refused): boolean => sent === "bytes";

/** The request was written anew. Bytes that pass need less than what such a row says, or are mended without it. */
export const isWrittenAnew = ({ native }: Refused): boolean => !native;

/** On the client's own wire what it says in a header or of a tool goes on, where all else is written anew too. */
export const isOnOwnWire = ({ sent }: Refused): boolean => sent !== "translated";

/** The quirks of the first row that matches. */
export function lessonIn(lessons: readonly Lesson[], refused: Refused): Quirks | undefined {
  for (const lesson of lessons) {
    const quirks = lessonOf(lesson, refused);
    if (quirks !== undefined) return quirks ?? undefined;
  }
  return undefined;
}

function lessonOf({ says, when, quirks, rewrites }: Lesson, refused: Refused): Quirks | null | undefined {
  if ((says !== undefined && !saysAny(refused.message, says)) || when?.(refused) === false) return undefined;
  const learned = typeof quirks === "function" ? quirks(refused) : quirks;
  if (rewrites && refused.native) return learned && { ...learned, nativeFaults: ["conversation", ...(learned.nativeFaults ?? [])] };
  return learned === quirks && isObeyed(learned, refused.quirks) ? undefined : learned;
}

function isObeyed(quirks: Quirks, obeyed: Quirks): boolean {
  return Object.entries(quirks).every(([name, value]) => obeyed[name as keyof Quirks] === value);
}
