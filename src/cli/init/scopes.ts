import { placeOf, type Scope } from "../../config/index.ts";
import type { Work } from "./prepare.ts";

/** Where the configuration may be written. */
export interface Scopes {
  readonly labels: Readonly<Record<Scope, string>>;
  /** The likeliest first. */
  readonly allowed: readonly Scope[];
}

export async function scopes({ base, configuration }: Work): Promise<Scopes> {
  const { folders } = configuration;
  const [user, project] = await Promise.all([placeOf("user", { ...base, folders }), placeOf("project", { ...base, folders })]);
  const state = configuration.files.find(({ role }) => role === "project")?.state;
  const allowed: readonly Scope[] = state === "not trusted" ? ["user"] : state === "read" ? ["project", "user"] : ["user", "project"];
  return { labels: { user: user.label, project: project.label }, allowed };
}
