import { resolve } from "node:path";
import { defined } from "../model/defined.ts";
import type { Configuration, Loaded, LoadOptions } from "./configuration.ts";
import { environmentLayer } from "./environment.ts";
import { type ConfigurationError, configurationError, plain, reason } from "./errors.ts";
import type { Layer } from "./files/layer.ts";
import { builtIn, lockOver, type Merged, mergeLayers } from "./files/layers.ts";
import { expandPath, foldersOf, showPath } from "./files/paths.ts";
import { readFiles } from "./files/read-files.ts";
import { own, pathName, type Tree } from "./files/tree.ts";
import { configuredIds } from "./resolve/known-providers.ts";
import { fileTargetHere } from "./resolve/model-file.ts";
import { placedRows } from "./resolve/placed-rows.ts";
import { writtenTarget } from "./resolve/profiles.ts";
import type { TargetSettings } from "./schema/schema.ts";
import { createKeys } from "./secrets/keys.ts";
import { storedKeysIn } from "./secrets/stored-keys.ts";
import { targetPattern } from "./targets.ts";
import { told } from "./told.ts";

/** Finds, reads, checks and merges everything that says how to launch. Fetches no secret and runs no command. */
export async function loadConfiguration(given: LoadOptions): Promise<Loaded> {
  const { env } = given;
  const cwd = resolve(given.cwd);
  const folders = foldersOf(given);
  const read = await readFiles({ ...given, rows: placedRows(given.rows, env), cwd }, folders).catch((error: NodeJS.ErrnoException) =>
    unreadable(error, cwd, folders.home),
  );
  if ("error" in read) return read;
  const { layers, files } = read;
  const notices = [...read.notices];

  const environment = environmentLayer(env, given.rows, configuredIds(layers));
  const below = mergeLayers([builtIn, ...layers, environment.layer]);
  const asked = askedOf(given, below, folders.home);
  if ("error" in asked) return asked;
  const { named, chosen, model, layer } = asked;
  // Where a file defines profiles and names none, MODEL stands over them as well.
  if (named === undefined || named.name === "env") notices.push(...environment.modelNotices);

  const merged = mergeLayers([builtIn, ...layers, environment.layer, ...(layer ? [layer] : [])]);
  notices.push(...environment.notices, ...merged.notices);
  const trace = told("trace", given);
  return defined({
    merged,
    rows: placedRows(given.rows, env, (id) => lockOver(merged.locked, ["providers", id, "baseUrl"]) === undefined),
    folders,
    files,
    notices: notices.map(plain),
    choice: chosen,
    model,
    trace: trace && expandPath(trace.value, folders.home, cwd),
    record: merged.settings.trace,
    keys: createKeys({ env, home: folders.home, cwd }, storedKeysIn(folders)),
  });
}

/** The system's own refusals: a file without rights, a link that leads nowhere, one of gigabytes. */
function unreadable(error: NodeJS.ErrnoException, cwd: string, home: string): { readonly error: ConfigurationError } {
  // Trust that was given is written, too.
  if (error.code === undefined || ["mkdir", "chmod", "write"].includes(error.syscall ?? "")) throw error;
  const file = error.path === undefined ? "a configuration file" : showPath(error.path, cwd, home);
  const why = error.code === "ENOENT" ? "the link leads nowhere" : reason(error);
  return { error: configurationError(`${file} cannot be read: ${why}.`) };
}

/** What this one launch is asked for: its profile, its model, and the layer that they make. `named`: something named the profile. */
interface Asked {
  readonly named: Configuration["choice"];
  readonly chosen: Configuration["choice"];
  readonly model: Configuration["model"];
  readonly layer: Layer | undefined;
}

function askedOf(given: LoadOptions, below: Merged, home: string): Asked | { readonly error: ConfigurationError } {
  const named = namedProfile(given, below);
  // Absent also where a lock on profiles took it out.
  const byVariables = below.layers.at(-1)?.settings.profiles?.["env"];
  const choice = named ?? (byVariables === undefined ? onlyProfile(below) : { name: "env", source: "MODEL" });
  const written = told("model", given);
  const model = written && { target: fileTargetHere(written.value, home, given.cwd), source: written.source };
  if (model !== undefined && !targetPattern.test(model.target))
    return {
      error: configurationError(`${model.source} must be provider/model, such as ollama/qwen3:8b, or a model file that ends with .gguf.`),
    };
  const { profiles, profile } = below.settings;
  const defined = choice === undefined || own(profiles, choice.name) !== undefined;
  const chosen = choice ?? (model && { name: model.source, source: model.source });
  const said = model && chosen && writtenTarget(profiles, chosen.name, model.target);
  const lock = chosen && model && lockOver(below.locked, ["profiles", chosen.name, "model"]);
  if (lock) return { error: configurationError(`${model.source} is refused: ${pathName(lock.path)} is locked by ${lock.source}.`) };
  const profileLock = lockOver(below.locked, ["profile"]);
  if (profileLock && named && named.name !== profile)
    return { error: configurationError(`${named.source} is refused: profile is locked by ${profileLock.source}.`) };
  return { named, chosen, model, layer: launchLayer(chosen, defined ? model : undefined, said) };
}

/** The profile that an option, a variable or a file names. */
function namedProfile(given: LoadOptions, { settings: { profile }, leaves }: Merged): Configuration["choice"] {
  const named = told("profile", given);
  if (named !== undefined) return { name: named.value, source: named.source };
  const source = leaves.get("profile")?.source;
  return profile === undefined ? undefined : { name: profile, ...(source !== undefined && { source }) };
}

/** The profile that files define, where it is the only one. */
function onlyProfile({ layers }: Merged): Configuration["choice"] {
  const inFiles = layers.filter(({ name }) => name !== "built-in" && name !== "environment");
  const [only, ...more] = new Set(inFiles.flatMap(({ settings }) => Object.keys(settings.profiles ?? {})));
  return only === undefined || more.length > 0 ? undefined : { name: only };
}

/** What this one launch was told, as the topmost layer, so that `explain` shows it like anything else. */
function launchLayer(choice: Configuration["choice"], model: Configuration["model"], said: TargetSettings | undefined): Layer | undefined {
  if (choice === undefined) return undefined;
  const byLaunch = choice.source === "--profile" || choice.source === "FCC_PROFILE";
  const tree: Tree = {
    ...(byLaunch && { profile: choice.name }),
    ...(model && { profiles: { [choice.name]: { model: [{ ...said, target: model.target }] } } }),
  };
  if (Object.keys(tree).length === 0) return undefined;
  const where: Layer["where"] = (path) => (path[0] === "profile" ? choice.source : model?.source) ?? "--model";
  return { name: "options", tree, where };
}
