import { dirname } from "node:path";
import type { LoadOptions, Untrusted } from "../configuration.ts";
import { type ConfigurationError, configurationError } from "../errors.ts";
import { type ConfigurationFile, type Faulty, type Layer, readLayer } from "../files/layer.ts";
import { mergeLayers, settingsOf } from "../files/layers.ts";
import { type Folders, showPath } from "../files/paths.ts";
import { own, pathName } from "../files/tree.ts";
import { shellPath } from "../shell-words.ts";
import { ownFiles } from "./own-files.ts";
import { difference, reviewLayer } from "./review.ts";
import { realPlaceOf, trust, trustKeyOf, trustOf } from "./trust.ts";

type Admitted =
  | { readonly layer: Layer; readonly trusted: boolean; readonly notices?: readonly string[] }
  | Faulty
  | { readonly error: ConfigurationError };

/** How many settings a refusal names; the review shows all. */
const namedSettings = 6;

/**
 * A project's file comes with a clone: until a person trusts its content, only `profile: <a profile of the user's own>` is read from it, and
 * nothing of it is quoted but keys and positions.
 */
export async function admitProject(
  file: ConfigurationFile,
  lower: readonly Layer[],
  folders: Folders,
  given: LoadOptions,
): Promise<Admitted> {
  // What it names is beside the file that was trusted, not beside a link to it: there a clone may have put another.
  const real = { ...file, path: realPlaceOf(file) };
  const read = readLayer(real, { name: "project", home: folders.home, trusted: false });
  if (read.problems !== undefined) return { problems: read.problems };
  const { layer } = read;
  const files = ownFiles(layer);
  const key = trustKeyOf(file, files);
  const known = trustOf(folders, key);
  if (known.state === "trusted") return { layer, trusted: true };

  const merged = mergeLayers(lower);
  const profile = layer.tree.profile;
  const isOwn = typeof profile === "string" && own(merged.settings.profiles, profile) !== undefined;
  const modest: Layer = { ...layer, tree: isOwn ? { profile } : {} };
  const beyond = settingsOf(layer.tree).filter(({ path }) => path[0] !== "$schema" && !(isOwn && path[0] === "profile"));
  if (beyond.length === 0) return { layer: modest, trusted: true };

  const review = reviewLayer(mergeLayers([...lower, layer]).layers, given.rows, files);
  const changes = known.state === "changed" ? difference(known.before.settings, review.settings) : undefined;
  const subject = files.length > 0 ? `${file.label}, or a file of the project that it names,` : file.label;
  const untrusted: Untrusted = { label: file.label, subject, key, review, ...(changes && { changes }) };
  const answer = await given.decide?.(untrusted);
  if (answer === true) {
    await trust(folders, key, review.settings);
    return { layer, trusted: true };
  }
  const counts = isOwn ? "counts here only for the profile that it chooses" : "counts for nothing here";
  if (answer === false) return { layer: modest, trusted: false, notices: [`${file.label} is not trusted and ${counts}`] };

  const sentence =
    known.state === "changed"
      ? `${subject} has changed since it was trusted.`
      : `${file.label} is not trusted yet, and it does more than choose one of your own profiles.`;
  const places = beyond.map(({ path }) => `${layer.where(path)}: ${pathName(path)}`);
  const more = places.length > namedSettings ? [`and ${places.length - namedSettings} more`] : [];
  const todo = howToTrust(file, given.cwd, folders.home);
  return { error: { ...configurationError(sentence, ...places.slice(0, namedSettings), ...more, todo), about: "trust" } };
}

function howToTrust({ path, label }: ConfigurationFile, cwd: string, home: string): string {
  const folder = dirname(path);
  const command = folder === cwd ? "fcc trust" : `fcc trust ${shellPath(folder, showPath(folder, cwd, home))}`;
  return `Read it, then run \`${command}\`, or name it: --config ${shellPath(path, label)}`;
}
