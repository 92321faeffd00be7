import { addressFrom } from "../../route/address-source.ts";
import { modelByPart, namesInShort } from "../../route/by-part.ts";
import { didYouMean } from "../../route/nearest.ts";
import { known } from "../../route/plan.ts";
import type { Profile, Target } from "../../route/target.ts";
import type { Refusal } from "../refusal.ts";
import { isCloudModel } from "./boundary.ts";
import { addressOf } from "./lines.ts";
import type { Windows } from "./windows.ts";

/** Servers whose list is whole and whose names must be met; others load by name, forward, or do not look at it. */
const fetches: Readonly<Record<string, (model: string) => string>> = {
  ollama: (model) => `Fetch it with \`ollama pull ${model}\`, or choose one of`,
  vllm: () => "Choose one of",
};

/** A server that answered and does not have the model would refuse every turn: where the first choice has no alternative the launch ends here. */
export function checkModels(profile: Profile, windows: Windows): { readonly refusal?: Refusal; readonly notices: readonly string[] } {
  const missing = (target: Target) => missingAt(target, windows);
  const said = missing(profile.main[0]);
  if (said !== undefined && profile.main.every(missing)) return { refusal: { exitCode: 1, lines: said }, notices: [] };
  return { notices: known(profile).flatMap((target) => missing(target)?.join(" ") ?? unlistedAt(target, windows) ?? []) };
}

function missingAt(target: Target, windows: Windows): readonly string[] | undefined {
  const { discovery, model } = windows.of(target);
  const { row, id } = target.provider;
  const fetch = fetches[row.discover ?? ""];
  if (fetch === undefined || discovery === undefined || discovery.failure !== undefined || model !== undefined) return undefined;
  if (isCloudModel(target)) return undefined;
  const there = discovery.models.map((one) => one.id);
  return [
    `there is no model "${target.model}" at ${addressOf(target)} (provider ${id}, ${addressFrom(target.provider)}).${didYouMean(target.model, there)}`,
    `${fetch(target.model)}: ${there.length === 0 ? "(there is none yet)" : there.slice(0, 8).join(", ")}${there.length > 8 ? ", ..." : ""}`,
  ];
}

/** The list of a server of which nothing but its address is known need not be whole: what it lacks is worth a line. */
function unlistedAt(target: Target, windows: Windows): string | undefined {
  const { discovery, model } = windows.of(target);
  const { row, id } = target.provider;
  if (Object.keys(row.speaks).length > 0 || discovery === undefined || discovery.failure !== undefined || model !== undefined)
    return undefined;
  const there = discovery.models.map((one) => one.id);
  if (there.length === 0) return undefined;
  const found = modelByPart(target.model, there);
  const several = found !== undefined && "several" in found ? found.several : undefined;
  const close = (several === undefined && didYouMean(target.model, there)) || ` It lists ${namesInShort(several ?? there)}.`;
  return `the server at ${addressOf(target)} (provider ${id}, ${addressFrom(target.provider)}) does not list "${target.model}", and is asked for it all the same.${close}`;
}
