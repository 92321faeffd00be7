import type { Failure } from "../../model/failure.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { Provider } from "../target.ts";

/** What was refused, and of which request. */
export interface Refused extends NonNullable<Failure["refused"]> {
  readonly message: string;
  readonly limit: Failure["limit"];
  /** The client's own bytes were sent. */
  readonly native: boolean;
  /** What the request was sent by. */
  readonly quirks: Quirks;
  /** The client leaves out by itself what a capability is refused for, as Claude Code does. */
  readonly clientLeavesOut: boolean;
  readonly speaks: Provider["speaks"];
}

/** A row: which refusals it is of, and how the next request is written. */
export interface Lesson {
  /** What the server says. */
  readonly says?: RegExp;
  /** What else has to be so. */
  readonly when?: (refused: Refused) => boolean;
  /**
   * By what the next request is sent. Where quirks that stand here are obeyed already, the row says nothing. A function may say nothing
   * (undefined), or that nothing is left to try (null).
   */
  readonly quirks: Quirks | ((refused: Refused) => Quirks | null | undefined);
  /** Where bytes passed, the conversation is written anew from then on. */
  readonly rewrites?: true;
}

/** What the first row says that says something. */
export function lessonIn(lessons: readonly Lesson[], refused: Refused): Quirks | undefined {
  for (const lesson of lessons) {
    const quirks = lessonOf(lesson, refused);
    if (quirks !== undefined) return quirks ?? undefined;
  }
  return undefined;
}

function lessonOf({ says, when, quirks, rewrites }: Lesson, refused: Refused): Quirks | null | undefined {
  if (says?.test(refused.message) === false || when?.(refused) === false) return undefined;
  const learned = typeof quirks === "function" ? quirks(refused) : quirks;
  if (rewrites && refused.native) return learned && { ...learned, nativeFaults: ["conversation"] };
  return learned === quirks && isObeyed(learned, refused.quirks) ? undefined : learned;
}

function isObeyed(quirks: Quirks, obeyed: Quirks): boolean {
  return Object.entries(quirks).every(([name, value]) => obeyed[name as keyof Quirks] === value);
}
