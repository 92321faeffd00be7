import { placeOf, plain, type Scope } from "../../../config/index.ts";
import { select } from "../../prompts.ts";
import type { Work } from "../prepare.ts";
import { answered } from "./answered.ts";

const meanings: Readonly<Record<Scope, string>> = { user: "for all your projects", project: "for this project" };

/** Where it is written, of the places where it may be; the likeliest stands first. */
export async function askScope({ base, configuration }: Work): Promise<Scope> {
  const { folders, files } = configuration;
  const state = files.find(({ role }) => role === "project")?.state;
  const allowed: readonly Scope[] = state === "not trusted" ? ["user"] : state === "read" ? ["project", "user"] : ["user", "project"];
  const options = await Promise.all(
    allowed.map(async (scope) => ({
      value: scope,
      label: plain((await placeOf(scope, { ...base, folders })).label),
      hint: meanings[scope],
    })),
  );
  return answered(select<Scope>({ message: "Where is it written?", output: process.stderr, options }));
}
