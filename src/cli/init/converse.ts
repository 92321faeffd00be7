import { homeFolder, plain, type Scope, showPath } from "../../config/index.ts";
import type { Reach } from "../../reach/reach.ts";
import { Abandoned } from "../abandoned.ts";
import { besideSpinner, confirm, intro, log, note, outro, spinner } from "../prompts.ts";
import type { Inventory } from "./inventory.ts";
import type { Work } from "./prepare.ts";
import { addressQuestion } from "./questions/address.ts";
import { answered } from "./questions/answered.ts";
import { cloudQuestion } from "./questions/cloud.ts";
import { askInTurn } from "./questions/in-turn.ts";
import { keyQuestion } from "./questions/key.ts";
import type { Known, Place } from "./questions/known.ts";
import { haikuQuestion, mainQuestion, modelsOf } from "./questions/models.ts";
import { scopeQuestion } from "./questions/scope.ts";
import { sourceQuestion } from "./questions/source.ts";
import { type Selection, selectionOf, selectionOn } from "./selection.ts";
import { prepareTried } from "./try.ts";
import { startLine, write } from "./write.ts";

const output = process.stderr;

/** `fcc init` with a person: at most a question each for the provider, the model, the small model and the place. */
export async function converse(work: Work, wanted: Scope | undefined, reach: Reach): Promise<number> {
  const { configuration, inventory, options } = work;
  const here = { configuration, inventory, reach };
  try {
    intro("fcc init  (Esc: back, ^C: leave)", { output });
    log.info(inventoryLines(inventory).join("\n"), { output });
    // Without an address the name is that of a provider that is known.
    const name = options.baseUrl === undefined ? undefined : options.provider;
    const questions = [sourceQuestion(here), cloudQuestion(here), addressQuestion(here, name), keyQuestion];
    return await askInTurn<Known, number>(
      [...questions, mainQuestion, haikuQuestion, scopeQuestion(work, wanted)],
      (known) => tryAndWrite(work, selectionFrom(known), known.scope ?? wanted ?? "user"),
      {
        ...(options.provider !== undefined && { cloud: options.provider }),
        ...(options.baseUrl !== undefined && { address: options.baseUrl }),
      },
    );
  } catch (error) {
    if (!(error instanceof Abandoned)) throw error;
    outro(error.message === "" ? "Nothing was written." : plain(error.message), { output });
    return 1;
  }
}

function selectionFrom(known: Partial<Known>): Selection {
  if (known.adopt !== undefined) return selectionOf(known.adopt);
  // Every source but another tool's configuration leads to a place.
  const place = known.place as Place;
  return selectionOn(place.named, { ...modelsOf(known, place), key: known.key });
}

async function tryAndWrite(work: Work, selection: Selection, scope: Scope): Promise<number> {
  for (const notice of selection.notices) log.warn(plain(notice), { output });
  const busy = spinner({ output });
  busy.start(besideSpinner(`Trying ${plain(selection.models["model"]?.[0] ?? "")} (loading it takes its time)`, output.columns));
  // The spinner takes ^C by ending the process with 0, as if all had been written.
  const left = () => {
    process.exitCode = 1;
  };
  process.once("exit", left);
  const prepared = await prepareTried(work, selection, scope).finally(() => process.off("exit", left));
  if ("refusal" in prepared) {
    busy.stop("It cannot be tried.");
    log.error(prepared.refusal.lines.map(plain).join("\n"), { output });
    outro("Nothing was written.", { output });
    return prepared.refusal.exitCode;
  }
  const bad = prepared.verdicts[0]?.state === "stops";
  busy.stop(bad ? "It does not work yet." : "Tried.");
  const tell = { works: log.success, doubts: log.warn, stops: log.error };
  for (const { state, line } of prepared.verdicts) tell[state](plain(line), { output });
  if (bad && !(await answered(confirm({ message: "Write it all the same?", initialValue: false, output })))) {
    outro("Nothing was written.", { output });
    return 1;
  }
  const fault = await write(work, prepared);
  if (fault !== undefined) {
    outro(plain(fault), { output });
    return 1;
  }
  note(plainLines(prepared.planned.file.text), plain(prepared.planned.file.label), { output });
  outro(`Written. Start it:  ${startLine(prepared)}`, { output });
  return 0;
}

function inventoryLines({ clients, servers, absent, keyed }: Inventory): readonly string[] {
  const line = (what: string, names: readonly string[], none: string) => `${what}: ${plain(names.length === 0 ? none : names.join(", "))}`;
  return [
    line(
      "Running here",
      servers.map(({ discovery, provider }) => discovery.server ?? provider.row.name),
      "no model server at the usual ports",
    ),
    ...absent.map(plain),
    line(
      "Keys",
      keyed.map(({ name, from }) => `${name} (${from})`),
      "none in the environment",
    ),
    line(
      "Agents",
      clients.flatMap(({ name, path }) => (path === undefined ? [] : [`${name} (${showPath(path, path, homeFolder())})`])),
      "none; fcc offers to install one at the first start",
    ),
  ];
}

const plainLines = (text: string) => text.trimEnd().split("\n").map(plain).join("\n");
