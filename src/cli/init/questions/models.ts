import { tokens } from "../../../clients/window.ts";
import { plain } from "../../../config/index.ts";
import { chooseModel, type DiscoveredModel, type Discovery } from "../../../discover/index.ts";
import { log, text } from "../../prompts.ts";
import { answered, type Choice, choose } from "./answered.ts";

const output = process.stderr;

/** The main model, then the small one; only what there is a choice of is asked. */
export async function askModels(discovery: Discovery): Promise<{ readonly main: string; readonly haiku: string | null }> {
  const best = chooseModel(discovery);
  const models = [...(best ? [best] : []), ...discovery.models.filter((model) => model !== best)];
  const [only, ...more] = models;
  if (only === undefined) {
    const { failure } = discovery;
    if (failure) log.warn(plain(`${failure.provider ?? discovery.provider}: ${failure.message}`), { output });
    const main = await answered(
      text({ message: "The model's name", output, validate: (value) => (value?.trim() ? undefined : "a name, please") }),
    );
    return { main: main.trim(), haiku: null };
  }
  if (more.length === 0) {
    log.step(plain([`The model is ${only.id}`, ...about(only)].join(", ")), { output });
    return { main: only.id, haiku: null };
  }
  const main = await choose("Which model?", models.map(choiceOf));
  const others = models.filter(({ id }) => id !== main);
  const haiku = await choose("Which model for small tasks (the haiku tier)?", [
    { value: "", label: "the same", hint: main },
    ...others.map(choiceOf),
  ]);
  return { main, haiku: haiku === "" ? null : haiku };
}

const choiceOf = (model: DiscoveredModel): Choice => ({ value: model.id, label: plain(model.id), hint: about(model).join(", ") });

function about({ context, loaded, tools }: DiscoveredModel): readonly string[] {
  return [
    ...(context === undefined ? [] : [`${tokens(context)} context`]),
    ...(loaded ? ["loaded"] : []),
    ...(tools === false ? ["takes no tools"] : []),
  ];
}
