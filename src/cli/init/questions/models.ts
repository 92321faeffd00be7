import { isDeepStrictEqual } from "node:util";
import { tokens } from "../../../clients/window.ts";
import { plain } from "../../../config/index.ts";
import { chooseModel, type DiscoveredModel, type Discovery } from "../../../discover/index.ts";
import { log, text } from "../../prompts.ts";
import type { Named } from "../named.ts";
import { answered, type Choice, search } from "./answered.ts";
import type { ChosenModel, Known, KnownQuestion, Place } from "./known.ts";

const output = process.stderr;

/** A server may have more than it lists: what it loads by name, or what an account may use. */
const orTyped = { placeholder: "filter, or any other name", called: "not in the list" };

/** The main model, where there is a choice. */
export const mainQuestion: KnownQuestion = async ({ place }, given) => {
  if (place === undefined) return undefined;
  const { named: of } = place;
  const initial = idAt(of, given.main);
  const [only, ...more] = bestFirst(place.discovery);
  if (only === undefined) {
    const { failure, provider } = place.discovery;
    if (failure) log.warn(plain(`${failure.provider ?? provider}: ${failure.message}`), { output });
    const validate = (value: string | undefined) => (value?.trim() ? undefined : "a name, please");
    const start = initial === undefined ? {} : { initialValue: initial };
    const id = await answered(text({ message: "The model's name", output, validate, ...start }));
    return { main: { of, id: id.trim() } };
  }
  if (more.length === 0) {
    log.step(plain([`The model is ${only.id}`, ...about(only)].join(", ")), { output });
    return undefined;
  }
  return { main: { of, id: await search({ message: "Which model?", choices: [only, ...more].map(choiceOf), initial, orTyped }) } };
};

/** The small one, where there is another. */
export const haikuQuestion: KnownQuestion = async ({ place, main }, given) => {
  if (place === undefined || main === undefined || place.discovery.models.length === 0) return undefined;
  const { of, id: same } = main;
  const others = bestFirst(place.discovery).filter(({ id }) => id !== same);
  const before = idAt(of, given.haiku);
  const id = await search({
    message: "Which model for small tasks (the haiku tier)?",
    choices: [{ value: "", label: "the same", hint: plain(same) }, ...others.map(choiceOf)],
    initial: before === same ? undefined : before,
    orTyped,
  });
  return { haiku: { of, id } };
};

/** What was answered, and what needed no question. */
export function modelsOf({ main, haiku }: Partial<Known>, { discovery }: Place): { readonly main: string; readonly haiku: string | null } {
  return { main: main?.id ?? chooseModel(discovery)?.id ?? "", haiku: haiku?.id || null };
}

/** What was chosen there before. A name alone says no place: that of a kind of server stands for each address that is tried. */
function idAt(of: Named, before: ChosenModel | undefined): string | undefined {
  return isDeepStrictEqual(before?.of, of) ? before?.id : undefined;
}

function bestFirst(discovery: Discovery): readonly DiscoveredModel[] {
  const best = chooseModel(discovery);
  return [...(best ? [best] : []), ...discovery.models.filter((model) => model !== best)];
}

const choiceOf = (model: DiscoveredModel): Choice => ({ value: model.id, label: plain(model.id), hint: about(model).join(", ") });

function about({ context, loaded, tools }: DiscoveredModel): readonly string[] {
  return [
    ...(context === undefined ? [] : [`${tokens(context)} context`]),
    ...(loaded ? ["loaded"] : []),
    ...(tools === false ? ["takes no tools"] : []),
  ];
}
