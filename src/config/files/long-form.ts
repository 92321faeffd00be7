import { fileTarget } from "../resolve/model-file.ts";
import { targetKeys } from "../targets.ts";
import { isTree, own, type Tree } from "./tree.ts";

/**
 * Brings every short form to the long form: `model: ollama/qwen3:8b` to a list of one `{ target }`, one key source to a list, a header's text to
 * `{ value }`, `via: chat` to `{ wire }`, `boundary: private` to `{ within }`. What is no short form stays as it is, for the schema to refuse.
 */
export function longForm(written: Tree): Tree {
  return change(written, { providers: each(provider), profiles: each(profile), clients: each((client) => client ?? {}), boundary });
}

type Change = (written: unknown) => unknown;

const change = (written: unknown, changes: Readonly<Record<string, Change>>): Tree => {
  if (!isTree(written)) return written as Tree;
  return Object.fromEntries(
    Object.entries(written)
      // `night:` without anything is an empty map to a person, null to YAML.
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, (own(changes, key) ?? asItIs)(value)]),
  );
};

const each =
  (inner: Change): Change =>
  (written) =>
    isTree(written) ? Object.fromEntries(Object.entries(written).map(([key, value]) => [key, inner(value)])) : (written ?? {});

const asItIs: Change = (written) => written;

const list =
  (inner: Change): Change =>
  (written) =>
    (Array.isArray(written) ? written : [written]).map(inner);

const target: Change = (written) =>
  change(typeof written === "string" ? { target: written } : written, {
    target: (name) => (typeof name === "string" ? fileTarget(name) : name),
  });
const targets = list(target);
const endpoint: Change = (written) => (typeof written === "string" ? { baseUrl: written } : (written ?? {}));
const header: Change = (written) => (typeof written === "string" ? { value: written } : written);

const speaks: Change = (written) => {
  const names = typeof written === "string" ? [written] : written;
  if (Array.isArray(names) && names.every((name) => typeof name === "string")) return Object.fromEntries(names.map((name) => [name, {}]));
  return each(endpoint)(written);
};

const via: Change = (written) => (typeof written === "string" ? { wire: written } : written);

const boundary: Change = (written) => {
  if (written === "local" || written === "private") return { within: written };
  if (typeof written === "string") return { admits: [written] };
  return Array.isArray(written) ? { admits: written } : {};
};

const provider: Change = (written) => change(written ?? {}, { key: list(asItIs), speaks, via, headers: each(header) });

const profile: Change = (written) =>
  typeof written === "string" || Array.isArray(written)
    ? { model: targets(written) }
    : change(written ?? {}, { ...Object.fromEntries(targetKeys.map((key) => [key, targets])), boundary });
