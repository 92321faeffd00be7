import type { FileState, LoadOptions } from "../configuration.ts";
import { type ConfigurationError, configurationError, type Problem, problemAt, problemsError } from "../errors.ts";
import { unknownReferences } from "../resolve/references.ts";
import { told } from "../told.ts";
import { admitProject } from "../trust/project.ts";
import { type ConfigurationFile, type Faulty, type Layer, readLayer } from "./layer.ts";
import { builtIn } from "./layers.ts";
import { expandPath, type Folders, showPath } from "./paths.ts";
import { findGlobalFile, findProjectFile, readNamedFile, scriptsIn } from "./search.ts";

interface Files {
  readonly layers: readonly Layer[];
  readonly files: readonly FileState[];
  readonly notices: readonly string[];
}

/** The files that count in a folder, checked: the system's, then the one that was named, else the user's and the project's. */
export async function readFiles(given: LoadOptions, folders: Folders): Promise<Files | { readonly error: ConfigurationError }> {
  const { cwd } = given;
  const layers: Layer[] = [];
  const files: FileState[] = [];
  const notices: string[] = [];
  const faulty: Faulty[] = [];
  const finish = () => {
    const problems = problemsOf(layers, faulty, given.rows);
    return problems.length > 0 ? { error: problemsError(problems) } : { layers, files, notices };
  };
  const show = (path: string) => showPath(path, cwd, folders.home);
  const absent = (role: FileState["role"], folder: string): FileState => ({
    role,
    label: `${show(folder)}/config.{yaml,yml,json}`,
    state: "absent",
  });
  const list = (role: FileState["role"], { label, unread = [] }: ConfigurationFile, state: FileState["state"]) => {
    files.push({ role, label, state }, ...unread.map((other): FileState => ({ role, label: other, state: "not read" })));
    notices.push(...unread.map((other) => `${other} is not read: ${label} stands beside it and is taken first`));
  };
  const take = (role: FileState["role"], file: ConfigurationFile) => {
    list(role, file, "read");
    const result = readLayer(file, { name: role === "named" ? "project" : role, home: folders.home, trusted: true });
    if (result.problems !== undefined) faulty.push(result);
    else layers.push(file === given.draft?.file ? asSaid(result.layer, given.draft) : result.layer);
  };

  const system = await findGlobalFile(folders.system, cwd, folders);
  if (system) take("system", system);
  else files.push(absent("system", folders.system));

  const named = told("config", given);
  if (named !== undefined) {
    const file = await readNamedFile(expandPath(named.value, folders.home, cwd), cwd, folders.home);
    if ("fault" in file) return { error: configurationError(`${named.source}: ${file.fault}.`) };
    take("named", file);
    return finish();
  }

  const { draft } = given;
  const user = draft?.scope === "user" ? draft.file : await findGlobalFile(folders.config, cwd, folders);
  if (user) take("user", user);
  else files.push(absent("user", folders.config));

  const project = draft?.scope === "project" ? draft.file : await findProjectFile(cwd, folders);
  if (project === undefined) {
    files.push({ role: "project", label: ".fccrc", state: "absent" });
  } else if (project === draft?.file) {
    take("project", project);
  } else {
    const admitted = await admitProject(project, [builtIn, ...layers], folders, given);
    if ("problems" in admitted) faulty.push(admitted);
    else if ("layer" in admitted) {
      layers.push(admitted.layer);
      list("project", project, admitted.trusted ? "read" : "not trusted");
      notices.push(...(admitted.notices ?? []));
    } else if (faulty.length === 0) return { error: admitted.error };
  }
  for (const script of scriptsIn(cwd)) {
    files.push({ role: "project", label: show(script), state: "not read" });
    notices.push(`${show(script)} is not read: fcc runs no configuration as code. Write it as .fccrc, in YAML or JSON`);
  }
  return finish();
}

const asSaid = (layer: Layer, { saidBy }: NonNullable<LoadOptions["draft"]>): Layer => ({
  ...layer,
  where: (path) => saidBy?.(path) ?? layer.where(path),
});

/**
 * Of each file by its lines, with the names in it that no file defines. Those alone are no fault: another folder's file may define what a
 * profile names that is not used here. A launch on such a profile tells them.
 */
function problemsOf(layers: readonly Layer[], faulty: readonly Faulty[], rows: LoadOptions["rows"]): readonly Problem[] {
  if (faulty.length === 0) return [];
  const all = [builtIn, ...layers, ...faulty.flatMap(({ unchecked }) => unchecked ?? [])];
  const unknown = (file: Layer): readonly Problem[] =>
    unknownReferences(file, all, rows).map(({ path, text }) => problemAt(file.where(path), text));
  return [
    ...layers.map(unknown),
    ...faulty.map(({ problems, unchecked }) => [...problems, ...(unchecked === undefined ? [] : unknown(unchecked))]),
  ].flatMap((ofFile) => [...ofFile].sort((a, b) => a.line - b.line));
}
