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
  const named = matches(row.modelQuirks ?? {}, model, fileOf(model), homeless(model));
  return [...family, row.quirks, ...named].reduce<Quirks>(mergeQuirks, {});
}

/** What is refused and what is wrong adds up: a model takes nothing that its provider refuses. */
const sums = ["nativeFaults", "refusedFields", "refusedWhileThinking", "refusedMessagesFields", "refusedBetas"] as const;

/** One set of quirks over another. */
export function mergeQuirks(lower: Quirks, upper: Quirks): Quirks {
  const both = sums.filter((name) => lower[name] ?? upper[name]);
  const united = both.map((name) => [name, [...new Set<string>([...(lower[name] ?? []), ...(upper[name] ?? [])])]]);
  return { ...lower, ...upper, ...Object.fromEntries(united) };
}

/** The wires that serve this model at a provider, in the order of preference; empty where none of ours does. */
export function wiresOf(row: Row, model: string): readonly WireName[] {
  return matches(row.modelWires ?? {}, model, homeless(model)).at(-1) ?? (Object.keys(row.speaks) as WireName[]);
}

/** What is known of the limits of this model without asking. */
export function limitsOf(row: Row, model: string): { readonly context?: number; readonly maxOutput?: number } {
  return matches(row.limits ?? {}, model, fileOf(model), homeless(model)).at(-1) ?? {};
}

/** The end of a name: local servers name a model with its maker, without, or by its file, and Gemini's list as "models/…". */
const fileOf = (model: string) => model.split(/[/\\]/).at(-1) ?? model;

/** Without the places where a model may run, by which Bedrock's names begin: "us.anthropic.claude-…". */
const homeless = (model: string) => model.replace(/^(?:us|eu|jp|au|apac|global)\.(?=[a-z]+\.)/i, "");

/** The entries with whose key one of the model's names begins, the longest key last. */
function matches<Value>(table: Readonly<Record<string, Value>>, ...names: string[]): Value[] {
  return Object.entries(table)
    .filter(([beginning]) => names.some((name) => name.toLowerCase().startsWith(beginning.toLowerCase())))
    .sort(([a], [b]) => a.length - b.length)
    .map(([, value]) => value);
}
