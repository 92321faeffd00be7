import { aliases } from "../../providers/index.ts";
import type { Row } from "../../providers/row.ts";
import { isTree, type Tree } from "../files/tree.ts";
import { targetParts, targetPattern } from "../targets.ts";

export type Rows = Readonly<Record<string, Row>>;

/** All providers that the layers mention, also layers that the schema will refuse. */
export function configuredIds(layers: readonly { readonly tree: Tree }[]): string[] {
  return [...new Set(layers.flatMap(({ tree: { providers } }) => (isTree(providers) ? Object.keys(providers) : [])))];
}

/** The provider that a name means, in any case: one of the configuration, a row, or a row's other spelling. */
export function providerId(name: string, rows: Rows, configured: readonly string[]): string | undefined {
  if (configured.includes(name) || Object.hasOwn(rows, name)) return name;
  const lower = name.toLowerCase();
  const written = configured.find((id) => id.toLowerCase() === lower);
  return written ?? [lower, aliases.get(lower)].find((id) => id !== undefined && Object.hasOwn(rows, id));
}

/** `provider/model` by the name that the provider has here. Undefined: it is no target, or nobody knows the provider. */
export function knownTarget(
  written: string,
  rows: Rows,
  configured: readonly string[],
): { readonly id: string; readonly model: string } | undefined {
  if (!targetPattern.test(written)) return undefined;
  const { provider, model } = targetParts(written);
  const id = providerId(provider, rows, configured);
  return id === undefined ? undefined : { id, model };
}
