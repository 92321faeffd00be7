import { pathName } from "../config/files/tree.ts";
import { configuredProviders, explainLines, lookUpProvider, plain, providerId } from "../config/index.ts";
import { rows } from "../providers/index.ts";
import type { Row } from "../providers/row.ts";
import { didYouMean } from "../route/nearest.ts";
import { baseUrlOf } from "../route/target.ts";
import { readConfiguration } from "./configuration.ts";
import { columns, print } from "./print.ts";
import type { Context } from "./program.ts";

export async function showProviders(context: Context, id?: string): Promise<number> {
  if (id === undefined) {
    const lines = Object.values(rows).map((row) => [
      row.id,
      row.name,
      Object.keys(row.speaks).join(", "),
      addressOf(row),
      keyOf(row),
      stateOf(row),
    ]);
    return print(columns([["id", "name", "speaks", "address", "key", ""], ...lines]));
  }
  const row = rows[providerId(id, rows, []) ?? ""];
  return row === undefined ? showOwn(context, id) : print(columns(detailsOf(row)));
}

/** One that only the configuration names: what it comes to, and below that the lines that say so, its key's too. A variable of its kind's is not its own. */
async function showOwn(context: Context, id: string): Promise<number> {
  const { output } = context;
  const configuration = await readConfiguration(context);
  if (configuration === undefined) return 2;
  const configured = configuredProviders(configuration);
  if (!configured.includes(id)) {
    const near = didYouMean(id, [...configured, ...Object.keys(rows)]);
    return output.fail([`"${id}" is not a known provider.${near}`, "`fcc providers` lists them."]);
  }
  const found = await lookUpProvider(configuration, id);
  if (found.error) return output.refuse(found.error);
  const { row, speaks, quirks } = found.provider;
  const details = detailsOf({ ...row, id, speaks, quirks }).filter(([name = ""]) => !["key", "address variable"].includes(name));
  const said = explainLines(configuration, pathName(["providers", id])).lines ?? [];
  return print([...columns(details), "", ...said].map(plain));
}

function addressOf(row: Row): string {
  if (row.kind === "demo") return "inside fcc";
  if (row.servesFiles) return "llama-server, started with the session";
  const base = baseUrlOf(row);
  return row.ownAddress ? "yours" : base === undefined ? "any" : new URL(base).origin;
}

const keyOf = ({ key }: Row) => (key === undefined ? "none" : `${key.env[0]}${key.optional ? " (optional)" : ""}`);

/** A row that nothing but its documentation backs is not promised to work. */
const stateOf = ({ retired, unchecked }: Row) => (retired !== undefined ? "retired" : unchecked ? "unchecked" : "");

function detailsOf(row: Row): (readonly string[])[] {
  const { key, better = {}, forwards, headers, quirks, auth } = row;
  const keys = key === undefined ? "none" : `${key.env.join(", ")}${key.optional ? " (optional)" : ""}`;
  return [
    ["provider", `${row.id} (${row.name})`],
    ...Object.entries(row.speaks).map(([wire, { baseUrl }]) => [
      wire,
      row.kind === "demo" || row.servesFiles ? addressOf(row) : `${baseUrl}${row.ownAddress ? "  (yours differs)" : ""}`,
    ]),
    ...Object.entries(better).map(([client, { wire, reason }]) => [`for ${client}`, `${wire} is taken: ${reason}`]),
    ["key", keys],
    ...(key === undefined || auth === undefined || auth === "bearer" ? [] : [["key header", auth]]),
    ...Object.entries(headers ?? {}).map(([name, value]) => [`header ${name}`, value]),
    ...(row.baseUrlEnv === undefined ? [] : [["address variable", row.baseUrlEnv]]),
    ...partsOf(row),
    ...(row.start === undefined ? [] : [["start", row.start]]),
    ...(forwards === undefined ? [] : [["forwards", forwards.when === "always" ? "to other providers" : "its cloud models to its maker"]]),
    ...Object.entries(row.limits ?? {}).map(([model, { context, maxOutput }]) => [
      `limits ${model}`,
      [context === undefined ? "" : `${context} context`, maxOutput === undefined ? "" : `${maxOutput} output`]
        .filter((part) => part !== "")
        .join(", "),
    ]),
    ...(Object.keys(quirks).length === 0 ? [] : [["quirks", quirkLine(quirks)]]),
    ...(row.retired === undefined ? [] : [["retired", row.retired]]),
    ...(row.unchecked ? [["unchecked", "written from its documentation; no recording or live call backs it yet"]] : []),
    ...(row.docs === undefined ? [] : [["documentation", row.docs]]),
  ];
}

/** The variables for what stands in its addresses, each part once. */
function partsOf({ parts = {} }: Row): (readonly string[])[] {
  const names = Object.entries(parts).map(
    ([word, { env }]) => [(/[a-z]+/i.exec(word)?.[0] ?? word).toLowerCase(), env.join(", ")] as const,
  );
  return [...new Map(names)].map(([word, env]) => [`${word} there`, env]);
}

/** Where it departs from the plain wire, as a configuration would write it. */
function quirkLine(quirks: Row["quirks"]): string {
  return Object.entries(quirks)
    .map(
      ([name, value]) =>
        `${name}: ${Array.isArray(value) ? `[${value.join(", ")}]` : typeof value === "object" ? JSON.stringify(value) : String(value)}`,
    )
    .join(", ");
}
