import type { Failure, FailureKind } from "../model/failure.ts";
import type { WireName } from "../model/opaque.ts";
import type { Quirks } from "../model/quirks.ts";
import { mergeQuirks } from "../providers/quirks-of.ts";
import { refusedBy } from "./refused-by.ts";
import { type Target, targetName } from "./target.ts";

/** What a launch has learned of its targets. A value: `learn` gives the next one. */
export interface Memory {
  /** Until when (milliseconds since the epoch) a key or a target is left alone, by `keyNames` or the target's name. */
  readonly cooling: Readonly<Record<string, number>>;
  /** What a target has refused, as quirks to go over its own. */
  readonly refused: Readonly<Record<string, Quirks>>;
}

export const emptyMemory: Memory = { cooling: {}, refused: {} };

/** One try: a target, a key of its provider, and the quirks with what it has refused so far. */
export interface Attempt {
  readonly target: Target;
  /** The place of the key among the provider's; absent for a provider without keys. */
  readonly key?: number;
  readonly quirks: Quirks;
  /** Fewer output tokens than asked, for this one request. */
  readonly maxOutput?: number;
  /** Why this was chosen, where it is not the first choice. */
  readonly why?: string;
}

export interface Outcome {
  readonly attempt: Attempt;
  /** Absent: the target answered. */
  readonly failure?: Failure;
  /** The attempt went by the client's own wire, byte for byte. */
  readonly native?: boolean;
  /** The client's wire. */
  readonly client?: WireName;
  /** Who asks is a program that was written with an SDK, and no agent. */
  readonly program?: boolean;
}

/** For how many seconds a target or a key is left alone after a failure that does not say so itself. */
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
/** What a provider asks for is believed up to here, in seconds. */
const longestCoolDown = 3600;

/** Failures after which another key of the same provider may do. */
export const keyFailures = new Set<FailureKind>(["unauthorized", "forbidden", "out-of-quota", "rate-limited"]);

/** A key, and what it is for one model: rates, allowances and access are a model's at many providers, and only a wrong key is wrong for all. */
export function keyNames({ provider, model }: Target, key: number): { readonly whole: string; readonly ofModel: string } {
  return { whole: `${provider.id}#${key}`, ofModel: `${provider.id}#${key}/${model}` };
}

export function learn(memory: Memory, { attempt, failure, native, client, program }: Outcome, now: number): Memory {
  const { target, key } = attempt;
  const name = targetName(target);
  const ownKey = key === undefined ? undefined : keyNames(target, key);
  if (failure === undefined) {
    const names = ownKey === undefined ? [name] : [name, ownKey.whole, ownKey.ofModel];
    // Nearly every reply: nothing changes and nothing is copied.
    if (names.every((one) => memory.cooling[one] === undefined)) return memory;
    return { ...memory, cooling: without(memory.cooling, now, ...names) };
  }
  const { kind } = failure;
  const refused = refusedBy(failure, native === true, attempt, client, program);
  if (refused !== undefined) return { ...memory, refused: { ...memory.refused, [name]: mergeQuirks(memory.refused[name] ?? {}, refused) } };
  const usual = coolDown[kind];
  // What a model wrote once says nothing of what it will write.
  if (failure.origin === "client" || failure.generation !== undefined || usual === undefined) return memory;
  const seconds = Math.min(failure.retryAfter ?? usual, longestCoolDown);
  const cooled = ownKey === undefined || !keyFailures.has(kind) ? name : kind === "unauthorized" ? ownKey.whole : ownKey.ofModel;
  return { ...memory, cooling: { ...without(memory.cooling, now), [cooled]: now + seconds * 1000 } };
}

export function isKeyCool(memory: Memory, target: Target, key: number, now: number): boolean {
  const { whole, ofModel } = keyNames(target, key);
  return isCool(memory, whole, now) || isCool(memory, ofModel, now);
}

export function isCool(memory: Memory, name: string, now: number): boolean {
  const left = (memory.cooling[name] ?? 0) - now;
  // A clock that was set back makes nothing cool for longer than anything is.
  return left > 0 && left <= longestCoolDown * 1000;
}

function without(cooling: Memory["cooling"], now: number, ...names: string[]): Memory["cooling"] {
  return Object.fromEntries(Object.entries(cooling).filter(([name, until]) => until > now && !names.includes(name)));
}
