import { placeOf, plain, type Scope } from "../../../config/index.ts";
import type { Work } from "../prepare.ts";
import { choose } from "./answered.ts";
import type { KnownQuestion } from "./known.ts";

const meanings: Readonly<Record<Scope, string>> = { user: "for all your projects", project: "for this project" };

/** Where it is written, of the places where it may be; the likeliest stands first. */
export function scopeQuestion({ base, configuration }: Work, wanted: Scope | undefined): KnownQuestion {
  return async (_known, given) => {
    if (wanted !== undefined) return undefined;
    const { folders, files } = configuration;
    const state = files.find(({ role }) => role === "project")?.state;
    const allowed: readonly Scope[] = state === "not trusted" ? ["user"] : state === "read" ? ["project", "user"] : ["user", "project"];
    const choices = await Promise.all(
      allowed.map(async (scope) => ({
        value: scope,
        label: plain((await placeOf(scope, { ...base, folders })).label),
        hint: meanings[scope],
      })),
    );
    return { scope: await choose("Where is it written?", choices, given.scope) };
  };
}
