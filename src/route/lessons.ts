import type { WireName } from "../model/opaque.ts";
import type { Quirks } from "../model/quirks.ts";
import { mergeQuirks } from "../providers/quirks-of.ts";

/** The quirks of a target, and what it has refused on one wire only. */
export interface QuirksByWire {
  readonly quirks: Quirks;
  readonly onWire?: Readonly<Partial<Record<WireName, Quirks>>>;
}

/**
 * What targets have refused, by the target's name, as quirks that override their own, on one wire where a lesson is only of that wire's requests.
 * OpenAI's two wires have fields of one name, and a server that refuses one of chat may take that of Responses.
 */
export type Lessons = Readonly<Record<string, Partial<QuirksByWire>>>;

/** A lesson of nothing else is of the wire. What a model cannot do besides, and so what its bytes may not pass for, holds on every one. */
const ofOneWire: ReadonlySet<string> = new Set<keyof Quirks>([
  "refusedFields",
  "refusedWhileThinking",
  "refusedMessagesFields",
  "nativeFaults",
  "callsLast",
  "outputMessages",
]);

/** @param wire the one on which the request was refused */
export function withLesson(lessons: Lessons, name: string, wire: WireName, refused: Quirks): Lessons {
  const { quirks = {}, onWire = {} } = lessons[name] ?? {};
  const isOfWire = Object.keys(refused).every((quirk) => ofOneWire.has(quirk));
  const learned = isOfWire
    ? { ...lessons[name], onWire: { ...onWire, [wire]: mergeQuirks(onWire[wire] ?? {}, refused) } }
    : { ...lessons[name], quirks: mergeQuirks(quirks, refused) };
  return { ...lessons, [name]: learned };
}

/** The lessons with those of a target as they were before; the same ones where it has taught nothing since. */
export function withoutNewLessons(lessons: Lessons, before: Lessons, name: string): Lessons {
  const { [name]: learned, ...others } = lessons;
  const known = before[name];
  if (learned === known) return lessons;
  return known === undefined ? others : { ...others, [name]: known };
}

/** A target's own quirks with what it has taught. */
export function quirksByWire(own: Quirks, lessons: Lessons, name: string): QuirksByWire {
  const { quirks, onWire } = lessons[name] ?? {};
  return { quirks: quirks === undefined ? own : mergeQuirks(own, quirks), ...(onWire && { onWire }) };
}

/** The quirks by which a request on this wire is written. */
export function quirksOn({ quirks, onWire }: QuirksByWire, wire: WireName): Quirks {
  const refused = onWire?.[wire];
  return refused === undefined ? quirks : mergeQuirks(quirks, refused);
}
