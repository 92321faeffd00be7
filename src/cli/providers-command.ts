import { didYouMean } from "../config/index.ts";
import { aliases, rows } from "../providers/index.ts";
import type { Row } from "../providers/row.ts";
import { columns, print } from "./configuration.ts";
import type { Context } from "./program.ts";

export async function showProviders({ output }: Context, id?: string): Promise<number> {
  if (id === undefined) {
    const lines = Object.values(rows).map((row) => [row.id, row.name, Object.keys(row.speaks).join(", "), row.key?.env[0] ?? "no key"]);
    return print(columns([["id", "name", "speaks", "key"], ...lines]));
  }
  const row = rows[aliases[id.toLowerCase()] ?? id];
  if (row === undefined) {
    output.fail([`"${id}" is not a known provider.${didYouMean(id, Object.keys(rows))}`, "`fcc providers` lists them."]);
    return 2;
  }
  return print(columns(detailsOf(row)));
}

function detailsOf(row: Row): (readonly string[])[] {
  const { key, better = {}, forwards } = row;
  const keys = key === undefined ? "none" : `${key.env.join(", ")}${key.optional ? " (optional)" : ""}`;
  return [
    ["provider", `${row.id} (${row.name})`],
    ...Object.entries(row.speaks).map(([wire, { baseUrl }]) => [
      wire,
      `${baseUrl}${row.ownAddress ? "  (yours differs: set baseUrl)" : ""}`,
    ]),
    ...Object.entries(better).map(([client, { wire, reason }]) => [`for ${client}`, `${wire} is taken: ${reason}`]),
    ["key", keys],
    ...(row.baseUrlEnv === undefined ? [] : [["address variable", row.baseUrlEnv]]),
    ...(row.start === undefined ? [] : [["start", row.start]]),
    ...(forwards === undefined ? [] : [["forwards", forwards.when === "always" ? "to other providers" : "its cloud models to its maker"]]),
    ...Object.entries(row.limits ?? {}).map(([model, { context, maxOutput }]) => [
      `limits ${model}`,
      [context === undefined ? "" : `${context} context`, maxOutput === undefined ? "" : `${maxOutput} output`]
        .filter((part) => part !== "")
        .join(", "),
    ]),
    ...(row.retired === undefined ? [] : [["retired", row.retired]]),
    ...(row.unchecked ? [["checked", "not yet: written from its documentation"]] : []),
    ["documentation", row.docs],
  ];
}
