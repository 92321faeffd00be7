import type { Figures } from "./figures.ts";

/** `12 requests, 340k tokens in (91 % cached), 8.2k out, first token 1.4 s, 1 failure, 2 alternatives`; undefined where nothing was asked. */
export function summaryOf(figures: Figures): string | undefined {
  const { requests, input, cached, output, firstToken, failures, alternatives } = figures;
  if (requests === 0) return undefined;
  const about = figures.estimated ? "about " : "";
  const share = input && cached !== undefined ? ` (${Math.round((100 * cached) / input)} % cached)` : "";
  return [
    count(requests, "request"),
    ...(input === undefined ? [] : [`${about}${short(input)} tokens in${share}`]),
    ...(output === undefined ? [] : [`${about}${short(output)} out`]),
    ...(firstToken === undefined ? [] : [`first token ${(firstToken / 1000).toFixed(1)} s${requests > 1 ? " (median)" : ""}`]),
    ...(failures === 0 ? [] : [count(failures, "failure")]),
    ...(alternatives === 0 ? [] : [count(alternatives, "alternative")]),
  ].join(", ");
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** Three figures at most: 950, 8.2k, 340k, 1.2M. */
function short(tokens: number): string {
  if (tokens < 1000) return String(tokens);
  const [value, unit] = tokens < 999_500 ? [tokens / 1000, "k"] : [tokens / 1_000_000, "M"];
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)}${unit}`;
}
