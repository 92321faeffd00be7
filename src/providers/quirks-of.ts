import type { WireName } from "../model/opaque.ts";
import type { Quirks } from "../model/quirks.ts";
import { families } from "./families.ts";
import type { Row } from "./row.ts";

/**
 * The quirks of one model at a provider: those of the model's family wherever it is hosted, over them the row's own, over them those
 * that the row has for this model, the longest name last.
 */
export function quirksOf(row: Row, model: string): Quirks {
  const family = families.filter(({ name }) => name.test(model)).map(({ quirks }) => quirks);
  const named = matches(row.modelQuirks ?? {}, model, fileOf(model));
  return [...family, row.quirks, ...named].reduce<Quirks>(mergeQuirks, {});
}

/** One set of quirks over another. What is refused and what is wrong add up: a model takes nothing that its provider refuses. */
export function mergeQuirks(lower: Quirks, upper: Quirks): Quirks {
  const nativeFaults = union(lower.nativeFaults, upper.nativeFaults);
  const refusedFields = union(lower.refusedFields, upper.refusedFields);
  const refusedWhileThinking = union(lower.refusedWhileThinking, upper.refusedWhileThinking);
  const refusedMessagesFields = union(lower.refusedMessagesFields, upper.refusedMessagesFields);
  const refusedBetas = union(lower.refusedBetas, upper.refusedBetas);
  return {
    ...lower,
    ...upper,
    ...(refusedFields && { refusedFields }),
    ...(refusedWhileThinking && { refusedWhileThinking }),
    ...(refusedMessagesFields && { refusedMessagesFields }),
    ...(refusedBetas && { refusedBetas }),
    ...(nativeFaults && { nativeFaults }),
  };
}

const union = <Name extends string>(a: readonly Name[] | undefined, b: readonly Name[] | undefined) =>
  a || b ? [...new Set([...(a ?? []), ...(b ?? [])])] : undefined;

/** The wires that serve this model at a provider, in the order of preference; empty where none of ours does. */
export function wiresOf(row: Row, model: string): readonly WireName[] {
  return matches(row.modelWires ?? {}, model).at(-1) ?? (Object.keys(row.speaks) as WireName[]);
}

/** What is known of the limits of this model without asking. */
export function limitsOf(row: Row, model: string): { readonly context?: number; readonly maxOutput?: number } {
  return matches(row.limits ?? {}, model, fileOf(model)).at(-1) ?? {};
}

/** The end of a name: local servers name a model with its maker, without, or by its file, and Gemini's list as "models/…". */
const fileOf = (model: string) => model.split(/[/\\]/).at(-1) ?? model;

/** The entries with whose key one of the model's names begins, the longest key last. */
function matches<Value>(table: Readonly<Record<string, Value>>, ...names: string[]): Value[] {
  return Object.entries(table)
    .filter(([beginning]) => names.some((name) => name.toLowerCase().startsWith(beginning.toLowerCase())))
    .sort(([a], [b]) => a.length - b.length)
    .map(([, value]) => value);
}
