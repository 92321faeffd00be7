import { tokens } from "../../clients/window.ts";
import type { DiscoveredModel, Discovery } from "../../discover/index.ts";
import type { Provider } from "../../route/target.ts";

const head = ["model", "context", "output", "abilities", "$ per M in/out", "state", "from"];

/** The table of `fcc models`; a column in which no model says anything is left out. */
export function modelRows(
  discoveries: readonly { readonly provider: Provider; readonly discovery: Discovery }[],
): readonly (readonly string[])[] {
  const rows = discoveries.flatMap(({ provider, discovery }) =>
    discovery.models.map((model) => [`${provider.id}/${model.id}`, ...cellsOf(model)]),
  );
  if (rows.length === 0) return [];
  const shown = head.map((_, column) => column < 2 || rows.some((row) => row[column] !== ""));
  return [head, ...rows].map((row) => row.filter((_, column) => shown[column]));
}

function cellsOf(model: DiscoveredModel): readonly string[] {
  const { context, trainedContext, maxOutput, tools, images, reasoning, price, loaded } = model;
  const abilities = [tools === false ? "no tools" : tools ? "tools" : "", images ? "images" : "", reasoning ? "reasoning" : ""];
  return [
    context === undefined ? (trainedContext === undefined ? "?" : `up to ${tokens(trainedContext)}`) : tokens(context),
    maxOutput === undefined ? "" : tokens(maxOutput),
    abilities.filter((one) => one !== "").join(", "),
    price === undefined ? "" : `${dollars(price.input)} / ${dollars(price.output)}`,
    loaded === undefined ? "" : loaded ? "loaded" : "not loaded",
    sourcesOf(model),
  ];
}

/** Where each figure was read; one name where all come from there. */
function sourcesOf({ context, maxOutput, price, source, sources }: DiscoveredModel): string {
  const others = [
    ...(maxOutput === undefined || sources?.maxOutput === undefined ? [] : [["output", sources.maxOutput] as const]),
    ...(price === undefined || sources?.price === undefined ? [] : [["price", sources.price] as const]),
  ].filter(([, where]) => where !== source);
  return [
    others.length > 0 && context !== undefined ? `context: ${source}` : source,
    ...others.map(([what, where]) => `${what}: ${where}`),
  ].join(", ");
}

const dollars = (value: number | undefined) => (value === undefined ? "?" : value === 0 ? "0" : String(Number(value.toPrecision(3))));
