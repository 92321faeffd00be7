import { type WireName, wireNames } from "../model/opaque.ts";
import type { Quirks } from "../model/quirks.ts";
import { mergeQuirks } from "../providers/quirks-of.ts";

/**
 * What targets have refused, as quirks that override their own: by the target's name, and by its name and a wire where a lesson is only of that
 * wire's requests. OpenAI's two wires have fields of one name, and a server that refuses one of chat may take that of Responses.
 */
export type Lessons = Readonly<Record<string, Quirks>>;

/** The quirks of a target, and what it has refused on one wire only. */
export interface QuirksByWire {
  readonly quirks: Quirks;
  readonly onWire?: Readonly<Partial<Record<WireName, Quirks>>>;
}

/** A lesson of nothing else is of the wire. What a model cannot do besides, and so what its bytes may not pass for, holds on every one. */
const ofOneWire: ReadonlySet<string> = new Set<keyof Quirks>([
  "refusedFields",
  "refusedWhileThinking",
  "refusedMessagesFields",
  "nativeFaults",
  "callsLast",
]);

const nameOnWire = (name: string, wire: WireName) => `${name} ${wire}`;

/** @param wire the one on which the request was refused */
export function withLesson(lessons: Lessons, name: string, wire: WireName, refused: Quirks): Lessons {
  const isOfWire = Object.keys(refused).every((quirk) => ofOneWire.has(quirk));
  const at = isOfWire ? nameOnWire(name, wire) : name;
  return { ...lessons, [at]: mergeQuirks(lessons[at] ?? {}, refused) };
}

/** The lessons with those of a target as they were before; the same ones where it has taught nothing since. */
export function withoutNewLessons(lessons: Lessons, before: Lessons, name: string): Lessons {
  const names = new Set([name, ...wireNames.map((wire) => nameOnWire(name, wire))]);
  if ([...names].every((one) => lessons[one] === before[one])) return lessons;
  const kept = Object.entries(lessons).filter(([one]) => !names.has(one));
  return Object.fromEntries([...kept, ...Object.entries(before).filter(([one]) => names.has(one))]);
}

/** A target's own quirks with what it has taught. */
export function quirksByWire(own: Quirks, lessons: Lessons, name: string): QuirksByWire {
  const refused = lessons[name];
  const quirks = refused === undefined ? own : mergeQuirks(own, refused);
  const onWire = wireNames.flatMap((wire) => {
    const there = lessons[nameOnWire(name, wire)];
    return there === undefined ? [] : [[wire, there] as const];
  });
  return { quirks, ...(onWire.length > 0 && { onWire: Object.fromEntries(onWire) }) };
}

/** The quirks by which a request on this wire is written. */
export function quirksOn({ quirks, onWire }: QuirksByWire, wire: WireName): Quirks {
  const refused = onWire?.[wire];
  return refused === undefined ? quirks : mergeQuirks(quirks, refused);
}
