import type { Environment } from "../../model/environment.ts";
import type { Row } from "../../providers/row.ts";
import type { Rows } from "./known-providers.ts";

/** The rows, with a whole address for those whose parts the environment says and may say: `AWS_REGION` is enough for Bedrock. */
export function placedRows(rows: Rows, env: Environment, mayPlace: (id: string) => boolean = () => true): Rows {
  const placed = Object.values(rows).flatMap((row) => {
    const there = mayPlace(row.id) ? placedRow(row, env) : undefined;
    return there === undefined ? [] : [[row.id, there] as const];
  });
  // Without a prototype, as they are given.
  return Object.assign(Object.create(null) as Record<string, Row>, rows, Object.fromEntries(placed));
}

function placedRow(row: Row, env: Environment): Row | undefined {
  if (row.parts === undefined) return undefined;
  const said = Object.entries(row.parts).map(([word, { env: names, instead }]) => {
    const name = names.find((one) => env[one]?.trim());
    const value = (name && env[name]?.trim()) ?? "";
    return { word, name, value, written: instead?.[value] ?? word.replace(/[a-z]+/i, value) };
  });
  if (said.some(({ value }) => !/^[\w.:-]+$/.test(value))) return undefined;
  const complete = (form: string) => said.reduce((text, { word, written }) => text.replaceAll(word, written), form);
  const speaks = Object.fromEntries(Object.entries(row.speaks).map(([wire, { baseUrl }]) => [wire, { baseUrl: complete(baseUrl) }]));
  if (!Object.values(speaks).every(({ baseUrl }) => URL.canParse(baseUrl))) return undefined;
  return { ...row, speaks, placedBy: [...new Set(said.map(({ name }) => name))].join(", ") };
}
