import { aliases } from "../providers/index.ts";
import type { Row } from "../providers/row.ts";
import { own } from "./tree.ts";

export type Rows = Readonly<Record<string, Row>>;

/** The provider that a name means: one of the configuration, a row, or a row's other spelling. */
export function providerId(name: string, rows: Rows, configured: readonly string[]): string | undefined {
  if (configured.includes(name) || Object.hasOwn(rows, name)) return name;
  const alias = own(aliases, name.toLowerCase());
  return alias !== undefined && Object.hasOwn(rows, alias) ? alias : undefined;
}
