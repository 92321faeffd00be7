import { resolve } from "node:path";
import { configuredIds } from "./assemble-provider.ts";
import type { Configuration, FileState, Loaded, LoadOptions } from "./configuration.ts";
import { environmentLayer } from "./environment.ts";
import { configurationError, type Problem, plain, problemAt, problemsError, reason } from "./errors.ts";
import { createKeys } from "./keys.ts";
import { type ConfigurationFile, type Faulty, type Layer, readLayer } from "./layer.ts";
import { lockOver, mergeLayers } from "./layers.ts";
import { fileTargetHere } from "./model-file.ts";
import { expandPath, type Folders, foldersOf, showPath } from "./paths.ts";
import { writtenTarget } from "./profiles.ts";
import { admitProject } from "./project.ts";
import { unknownReferences } from "./references.ts";
import type { TargetSettings } from "./schema.ts";
import { findGlobalFile, findProjectFile, readNamedFile } from "./search.ts";
import { readStoredKeys } from "./stored-keys.ts";
import { targetPattern } from "./targets.ts";
import { own, type Tree } from "./tree.ts";

const demoProfile = "demo";

/** What holds before anyone wrote anything. */
const builtIn: Layer = {
  name: "built-in",
  tree: { profiles: { [demoProfile]: { model: [{ target: "demo/demo" }] } } },
  where: () => "built in",
};

/** Finds, reads, checks and merges everything that says how to launch. Fetches no secret and runs no command. */
export async function loadConfiguration(given: LoadOptions): Promise<Loaded> {
  const { env, rows, options = {} } = given;
  const cwd = resolve(given.cwd);
  const folders = foldersOf({
    env,
    ...(given.home !== undefined && { home: given.home }),
    ...(given.systemFolder !== undefined && { systemFolder: given.systemFolder }),
  });
  const read = await readFiles({ ...given, cwd }, folders).catch((error: NodeJS.ErrnoException) => {
    // A file without rights, a link that leads nowhere, one of gigabytes: the system's own refusals. Trust that was given is written, too.
    if (error.code === undefined || ["mkdir", "chmod", "write"].includes(error.syscall ?? "")) throw error;
    const file = error.path === undefined ? "a configuration file" : showPath(error.path, cwd, folders.home);
    const why = error.code === "ENOENT" ? "the link leads nowhere" : reason(error);
    return { error: configurationError(`${file} cannot be read: ${why}.`) };
  });
  if ("error" in read) return read;
  const { layers, files, notices } = read;

  const environment = environmentLayer(env, rows, configuredIds(layers));
  const settings = mergeLayers([builtIn, ...layers, environment.layer]);
  const named = choose(options.profile, env.FCC_PROFILE, settings.settings.profile, settings.leaves.get("profile")?.source);
  const inFiles = settings.layers.filter(({ name }) => name !== "built-in" && name !== "environment");
  const written = [...new Set(inFiles.flatMap((layer) => Object.keys(layer.settings.profiles ?? {})))];
  const only = written.length === 1 && written[0] !== undefined ? { name: written[0] } : undefined;
  const choice = named ?? (environment.model ? { name: "env", source: "MODEL" } : only);
  // Where a file defines profiles and names none, MODEL stands over them as well.
  if (named === undefined || named.name === "env") notices.push(...environment.modelNotices);

  const asked = options.model ?? (env.FCC_MODEL || undefined);
  const model =
    asked === undefined
      ? undefined
      : {
          target: fileTargetHere(asked, folders.home, given.cwd),
          source: options.model === undefined ? "FCC_MODEL" : "--model",
        };
  if (model !== undefined && !targetPattern.test(model.target))
    return {
      error: configurationError(`${model.source} must be provider/model, such as ollama/qwen3:8b, or a model file that ends with .gguf.`),
    };
  const defined = choice === undefined || own(settings.settings.profiles, choice.name) !== undefined;
  const chosen = choice ?? (model && { name: model.source, source: model.source });
  const said = model && chosen && writtenTarget(settings.settings.profiles, chosen.name, model.target);
  const launch = launchLayer(chosen, defined ? model : undefined, said);
  const lock = launch && model && lockOver(settings.locked, ["profiles"]);
  if (lock) return { error: configurationError(`${model.source} is refused: profiles is locked by ${lock.source}.`) };
  const profileLock = lockOver(settings.locked, ["profile"]);
  if (profileLock && named && named.name !== settings.settings.profile) {
    return { error: configurationError(`${named.source} is refused: profile is locked by ${profileLock.source}.`) };
  }

  const merged = mergeLayers([builtIn, ...layers, environment.layer, ...(launch ? [launch] : [])]);
  notices.push(...environment.notices, ...merged.notices);
  const traceFile = options.trace ?? (env.FCC_TRACE || undefined);
  const trace = traceFile === undefined ? undefined : expandPath(traceFile, folders.home, cwd);
  const record = merged.settings.trace;
  const configuration: Configuration = {
    merged,
    rows,
    folders,
    files,
    notices: notices.map(plain),
    ...(chosen && { choice: chosen }),
    ...(model && { model }),
    quiet: options.quiet ?? isOn(env.FCC_QUIET),
    ...(trace !== undefined && { trace }),
    ...(record !== undefined && { record }),
    keys: createKeys({ env, home: folders.home, cwd }, readStoredKeys(folders)),
  };
  return configuration;
}

function choose(option: string | undefined, variable: string | undefined, file: string | undefined, source: string | undefined) {
  if (option !== undefined) return { name: option, source: "--profile" };
  if (variable) return { name: variable, source: "FCC_PROFILE" };
  return file === undefined ? undefined : { name: file, ...(source !== undefined && { source }) };
}

const isOn = (value: string | undefined) => value !== undefined && !["", "0", "false", "no"].includes(value.toLowerCase());

/** What this one launch was told, as the topmost layer, so that `explain` shows it like anything else. */
function launchLayer(
  choice: { name: string; source?: string } | undefined,
  model: Configuration["model"],
  said: TargetSettings | undefined,
): Layer | undefined {
  if (choice === undefined) return undefined;
  const told = choice.source === "--profile" || choice.source === "FCC_PROFILE";
  const tree: Tree = {
    ...(told && { profile: choice.name }),
    ...(model && { profiles: { [choice.name]: { model: [{ ...said, target: model.target }] } } }),
  };
  if (Object.keys(tree).length === 0) return undefined;
  const where: Layer["where"] = (path) => (path[0] === "profile" ? choice.source : model?.source) ?? "--model";
  return { name: "options", tree, where };
}

type Files = { layers: Layer[]; files: FileState[]; notices: string[] };

async function readFiles(given: LoadOptions, folders: Folders): Promise<Files | Exclude<Loaded, Configuration>> {
  const { cwd, env, options = {} } = given;
  const layers: Layer[] = [];
  const files: FileState[] = [];
  const notices: string[] = [];
  const faulty: Faulty[] = [];
  const take = (name: "system" | "user" | "project", file: ConfigurationFile) => {
    const result = readLayer(file, { name, home: folders.home, trusted: true });
    if (result.problems !== undefined) faulty.push(result);
    else layers.push(file === given.draft?.file ? asSaid(result.layer, given.draft) : result.layer);
  };
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
  const list = (role: FileState["role"], file: ConfigurationFile, state: FileState["state"] = "read") => {
    const { label, path, unread = [] } = file;
    files.push({ role, label, path, state }, ...unread.map((other): FileState => ({ role, label: other, state: "not read" })));
    notices.push(...unread.map((other) => `${other} is not read: ${label} stands beside it and is taken first`));
  };

  const system = await findGlobalFile(folders.system, cwd, folders);
  if (system) {
    list("system", system);
    take("system", system);
  } else files.push(absent("system", folders.system));

  const named = options.config ?? (env.FCC_CONFIG || undefined);
  if (named !== undefined) {
    const file = await readNamedFile(expandPath(named, folders.home, cwd), cwd, folders.home);
    if ("fault" in file)
      return { error: configurationError(`${options.config === undefined ? "FCC_CONFIG" : "--config"}: ${file.fault}.`) };
    list("named", file);
    take("project", file);
    return finish();
  }

  const { draft } = given;
  const user = draft?.scope === "user" ? draft.file : await findGlobalFile(folders.config, cwd, folders);
  if (user) {
    list("user", user);
    take("user", user);
  } else files.push(absent("user", folders.config));

  const project = draft?.scope === "project" ? draft.file : await findProjectFile(cwd, folders);
  if (project === undefined) {
    files.push({ role: "project", label: ".fccrc", state: "absent" });
  } else if (project === draft?.file) {
    take("project", project);
    list("project", project);
  } else {
    const admitted = await admitProject(project, [builtIn, ...layers], folders, given);
    if ("problems" in admitted) faulty.push(admitted);
    else if ("layer" in admitted) {
      layers.push(admitted.layer);
      list("project", project, admitted.trusted ? "read" : "not trusted");
      notices.push(...(admitted.notices ?? []));
    } else if (faulty.length === 0) return { error: admitted.error };
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
