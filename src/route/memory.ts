import { type Failure, type FailureKind, transient } from "../model/failure.ts";
import type { WireName } from "../model/opaque.ts";
import type { Quirks } from "../model/quirks.ts";
import type { Audience } from "../model/wire.ts";
import { type Lessons, type QuirksByWire, withLesson, withoutNewLessons } from "./lessons.ts";
import { type Provider, type Target, targetName } from "./target.ts";

/** What a launch has learned about its targets. Immutable: `learn` returns the next one. */
export interface Memory {
  /** Until when (milliseconds since the epoch) a key or a target cools down, by `keyNames` or the target's name. */
  readonly cooling: Readonly<Record<string, number>>;
  readonly refused: Lessons;
}

export const emptyMemory: Memory = { cooling: {}, refused: {} };

/** One attempt at a request: a target, a key of its provider, and its quirks, with what it has refused so far. */
export interface Attempt extends QuirksByWire {
  readonly target: Target;
  /** The index of the key in the provider's list; absent for a provider without keys. */
  readonly key?: number;
  /** An output limit for this one request, lower than the client's. */
  readonly maxOutput?: number;
  /** Why this was chosen, where it is not the first choice. */
  readonly why?: string;
}

export interface Outcome extends Circumstances {
  /** Undefined: the target answered. */
  readonly failure: Failure | undefined;
  /** What that teaches of the target, if it does (`refusedBy`). */
  readonly lesson: Quirks | undefined;
}

/** How an attempt was made. */
export interface Circumstances {
  readonly attempt: Attempt;
  /** The wire on which it was made, and the client's. */
  readonly wire: WireName;
  readonly client: WireName;
  readonly audience: Audience;
  readonly sent: Sent;
  /** Whether the client's request has a field of this name. */
  readonly has: (field: string) => boolean;
  /** How many forms of the request it has refused before. */
  readonly forms: number;
}

/**
 * What a target got of a request. On the client's own wire: its bytes, in which no more was changed than the model's name ("bytes"), or single
 * fields ("edited"); a body that was written anew ("rewritten"), perhaps with what only that wire can say of its parts ("own-parts"). On another:
 * "translated".
 */
export type Sent = "bytes" | "edited" | "rewritten" | "own-parts" | "translated";

export const bytesPassed = (sent: Sent): boolean => sent === "bytes" || sent === "edited";

/** An attempt that failed. */
export interface Tried extends Outcome {
  readonly failure: Failure;
}

/** Seconds for which a target or a key cools down after a failure that does not say how long to wait. */
const coolDown: Readonly<Partial<Record<FailureKind, number>>> = {
  unauthorized: 300,
  forbidden: 300,
  "out-of-quota": 300,
  "not-found": 300,
  "rate-limited": 20,
  overloaded: 10,
  "timed-out": 60,
  upstream: 10,
  "cut-off": 5,
  unreachable: 15,
  "refused-by-policy": 300,
};
/** The longest wait that is believed of a provider, in seconds. */
const longestCoolDown = 3600;

/** Failures after which another key of the same provider may succeed. */
export const keyFailures = new Set<FailureKind>(["unauthorized", "forbidden", "out-of-quota", "rate-limited"]);

/** Failures after which another target may succeed. */
export const retryElsewhere = new Set<FailureKind>([...keyFailures, ...transient, "not-found", "too-long", "refused-by-policy"]);

/** What a key is remembered by: `whole` for a wrong key, `ofModel` for its limits and permissions, which many providers set for each model. */
export function keyNames({ provider, model }: Target, key: number): { readonly whole: string; readonly ofModel: string } {
  return { whole: `${provider.id}#${key}`, ofModel: `${provider.id}#${key}/${model}` };
}

/**
 * What an attempt came to. Others may have failed meanwhile: a success that was asked for before them says nothing of what they were told, and
 * the longer wait holds.
 *
 * @param asked what was known when the attempt was made
 */
export function learn(memory: Memory, outcome: Outcome, now: number, asked = memory): Memory {
  const { attempt, failure, lesson } = outcome;
  const { target, key } = attempt;
  const name = targetName(target);
  const ownKey = key === undefined ? undefined : keyNames(target, key);
  const isNew = (one: string) => memory.cooling[one] !== asked.cooling[one];
  if (failure === undefined) {
    const names = (ownKey === undefined ? [name] : [name, ownKey.whole, ownKey.ofModel]).filter((one) => !isNew(one));
    // After nearly every reply nothing changes.
    if (names.every((one) => memory.cooling[one] === undefined)) return memory;
    return { ...memory, cooling: without(memory.cooling, now, ...names) };
  }
  const { kind } = failure;
  if (lesson !== undefined) return { ...memory, refused: withLesson(memory.refused, name, outcome.wire, lesson) };
  const usual = coolDown[kind];
  // A broken call does not mean that the model's next one will be.
  if (failure.origin === "client" || failure.generation !== undefined || usual === undefined) return memory;
  const seconds = Math.min(failure.retryAfter ?? usual, longestCoolDown);
  const cooled = ownKey === undefined || !keyFailures.has(kind) ? name : kind === "unauthorized" ? ownKey.whole : ownKey.ofModel;
  const until = Math.max(now + seconds * 1000, isNew(cooled) ? (memory.cooling[cooled] ?? 0) : 0);
  return { ...memory, cooling: { ...without(memory.cooling, now), [cooled]: until } };
}

/**
 * What a request taught of a target holds once the request that was written by it is accepted. Where that is refused too, it was not what was
 * wrong: later requests are written, and bytes pass, as they did before.
 *
 * @param before what was known when the request came
 */
export function unlearn(memory: Memory, before: Memory, { attempt, failure }: Tried): Memory {
  if (!refusals.has(failure.kind)) return memory;
  const refused = withoutNewLessons(memory.refused, before.refused, targetName(attempt.target));
  return refused === memory.refused ? memory : { ...memory, refused };
}

/** What holds once a provider has other secrets: none of its keys and targets is left alone any more. */
export function withoutCooling(memory: Memory, { id }: Provider): Memory {
  const isOf = (name: string) => name.startsWith(`${id}#`) || name.startsWith(`${id}/`);
  return { ...memory, cooling: Object.fromEntries(Object.entries(memory.cooling).filter(([name]) => !isOf(name))) };
}

/** Failures that are the request's. */
const refusals = new Set<FailureKind>(["bad-request", "refused-capability"]);

export function isKeyCool(memory: Memory, target: Target, key: number, now: number): boolean {
  const { whole, ofModel } = keyNames(target, key);
  return isCool(memory, whole, now) || isCool(memory, ofModel, now);
}

export function isCool(memory: Memory, name: string, now: number): boolean {
  const left = (memory.cooling[name] ?? 0) - now;
  // Nothing cools down for longer than this: the clock was set back.
  return left > 0 && left <= longestCoolDown * 1000;
}

function without(cooling: Memory["cooling"], now: number, ...names: string[]): Memory["cooling"] {
  return Object.fromEntries(Object.entries(cooling).filter(([name, until]) => until > now && !names.includes(name)));
}
