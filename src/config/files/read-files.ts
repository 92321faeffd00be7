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

type Refused = { readonly error: ConfigurationError };

/** What looking for one file came to. */
interface Look {
  readonly files: readonly FileState[];
  readonly notices?: readonly string[];
  readonly layer?: Layer;
  readonly faulty?: Faulty;
}

/** The files that count in a folder, checked: the system's, then the one that was named, else the user's and the project's. */
export async function readFiles(given: LoadOptions, folders: Folders): Promise<Files | Refused> {
  const { cwd, draft, rows } = given;
  const { home } = folders;
  const inFolder = async (role: "system" | "user", folder: string): Promise<Look> => {
    const file = draft?.scope === role ? draft.file : await findGlobalFile(folder, cwd, folders);
    if (file !== undefined) return take(role, file, given, home);
    return { files: [{ role, label: `${showPath(folder, cwd, home)}/config.{yaml,yml,json}`, state: "absent" }] };
  };

  const system = await inFolder("system", folders.system);
  const named = told("config", given);
  if (named !== undefined) {
    const file = await readNamedFile(expandPath(named.value, home, cwd), cwd, home);
    if ("fault" in file) return { error: configurationError(`${named.source}: ${file.fault}.`) };
    return together([system, take("named", file, given, home)], rows);
  }
  const own = [system, await inFolder("user", folders.config)];
  const project = await inProject(
    own.flatMap(({ layer }) => layer ?? []),
    given,
    folders,
  );
  if ("error" in project) return own.some(({ faulty }) => faulty !== undefined) ? together(own, rows) : project;
  return together([...own, project, ...scriptsIn(cwd).map((script) => passedOver(showPath(script, cwd, home)))], rows);
}

async function inProject(lower: readonly Layer[], given: LoadOptions, folders: Folders): Promise<Look | Refused> {
  const { cwd, draft } = given;
  if (draft?.scope === "project") return take("project", draft.file, given, folders.home);
  const file = await findProjectFile(cwd, folders);
  if (file === undefined) return { files: [{ role: "project", label: ".fccrc", state: "absent" }] };
  const admitted = await admitProject(file, [builtIn, ...lower], folders, given);
  if ("error" in admitted) return admitted;
  if ("problems" in admitted) return { files: [], faulty: admitted };
  const { files, notices } = listed("project", file, admitted.trusted ? "read" : "not trusted");
  return { files, notices: [...notices, ...(admitted.notices ?? [])], layer: admitted.layer };
}

function take(role: FileState["role"], file: ConfigurationFile, { draft }: LoadOptions, home: string): Look {
  const result = readLayer(file, { name: role === "named" ? "project" : role, home, trusted: true });
  const read = listed(role, file, "read");
  if (result.problems !== undefined) return { ...read, faulty: result };
  return { ...read, layer: file === draft?.file ? asSaid(result.layer, draft) : result.layer };
}

function listed(role: FileState["role"], { label, unread = [] }: ConfigurationFile, state: FileState["state"]) {
  return {
    files: [{ role, label, state }, ...unread.map((other): FileState => ({ role, label: other, state: "not read" }))],
    notices: unread.map((other) => `${other} is not read: ${label} stands beside it and is taken first`),
  };
}

const passedOver = (script: string): Look => ({
  files: [{ role: "project", label: script, state: "not read" }],
  notices: [`${script} is not read: fcc runs no configuration as code. Write it as .fccrc, in YAML or JSON`],
});

function together(looks: readonly Look[], rows: LoadOptions["rows"]): Files | Refused {
  const layers = looks.flatMap(({ layer }) => layer ?? []);
  const faulty = looks.flatMap(({ faulty: one }) => one ?? []);
  const problems = problemsOf(layers, faulty, rows);
  if (problems.length > 0) return { error: problemsError(problems) };
  return { layers, files: looks.flatMap(({ files }) => files), notices: looks.flatMap(({ notices = [] }) => notices) };
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
