import type { Client } from "../clients/client.ts";
import { didYouMean } from "../config/nearest.ts";
import { known } from "../route/plan.ts";
import { type Profile, type Target, targetName } from "../route/target.ts";
import type { Refusal } from "./launch-checks.ts";
import { mapTargets } from "./launch-demo.ts";
import { addressOf } from "./launch-lines.ts";
import type { Windows } from "./launch-windows.ts";

/** Servers whose list is whole and whose names must be met; others load by name, forward, or do not look at it. */
const fetches: Readonly<Record<string, (model: string) => string>> = {
  ollama: (model) => `Fetch it with \`ollama pull ${model}\`, or choose one of`,
  vllm: () => "Choose one of",
};

/**
 * A server that answered and does not have the model would refuse every turn; one whose template knows no tools leaves an agent without
 * hands. Where the first choice has no alternative the launch ends here.
 */
export function checkModels(
  profile: Profile,
  client: Client | undefined,
  windows: Windows,
): { readonly refusal?: Refusal; readonly notices: readonly string[] } {
  const missing = (target: Target) => missingAt(target, windows);
  const [first] = profile.main;
  const said = missing(first);
  if (said !== undefined && profile.main.every(missing)) return { refusal: { exitCode: 1, lines: said }, notices: [] };
  const notices = known(profile).flatMap((target) => missing(target)?.join(" ") ?? []);
  if (client !== undefined && windows.of(first).model?.tools === false) {
    notices.push(`${targetName(first)} is not made for tools, as its server says: ${client.name} can only talk with it.`);
  }
  return { notices };
}

/** A text model is sent a word in the place of an image, and not the image: servers drop it without a word, or refuse the whole turn. */
export function withoutImages(profile: Profile, windows: Windows): Profile {
  const blind = (target: Target) => target.quirks.images === undefined && windows.of(target).model?.images === false;
  if (!known(profile).some(blind)) return profile;
  return mapTargets(profile, (target) => (blind(target) ? { ...target, quirks: { ...target.quirks, images: false } } : target));
}

function missingAt(target: Target, windows: Windows): readonly string[] | undefined {
  const { discovery, model } = windows.of(target);
  const { row, id, source } = target.provider;
  const fetch = fetches[row.discover ?? ""];
  const elsewhere = row.forwards?.when === "cloud-models" && /[:-]cloud$/.test(target.model);
  if (fetch === undefined || discovery === undefined || discovery.failure !== undefined || model !== undefined || elsewhere)
    return undefined;
  const there = discovery.models.map((one) => one.id);
  return [
    `there is no model "${target.model}" at ${addressOf(target)} (provider ${id}, from ${source}).${didYouMean(target.model, there)}`,
    `${fetch(target.model)}: ${there.length === 0 ? "(there is none yet)" : there.slice(0, 8).join(", ")}${there.length > 8 ? ", ..." : ""}`,
  ];
}
