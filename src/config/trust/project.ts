import { dirname } from "node:path";
import type { LoadOptions, Untrusted } from "../configuration.ts";
import { type ConfigurationError, configurationError } from "../errors.ts";
import { type ConfigurationFile, type Faulty, type Layer, readLayer } from "../files/layer.ts";
import { mergeLayers, settingsOf } from "../files/layers.ts";
import { type Folders, showPath } from "../files/paths.ts";
import { own, pathName } from "../files/tree.ts";
import { shellPath } from "../shell-words.ts";
import { difference, reviewLayer } from "./review.ts";
import { trust, trustKeyOf, trustOf } from "./trust.ts";

export type Admitted =
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
  const key = trustKeyOf(file);
  const known = trustOf(folders, key);
  const mayQuote = known.state === "trusted";
  // What it names is beside the file that was trusted, not beside a link to it: there a clone may have put another.
  const read = readLayer({ ...file, path: key.path }, { name: "project", home: folders.home, trusted: mayQuote });
  if (read.problems !== undefined) return mayQuote ? read : { problems: read.problems };
  const { layer } = read;
  if (mayQuote) return { layer, trusted: true };

  const merged = mergeLayers(lower);
  const profile = layer.tree.profile;
  const isOwn = typeof profile === "string" && own(merged.settings.profiles, profile) !== undefined;
  const modest: Layer = { ...layer, tree: isOwn ? { profile } : {} };
  const beyond = settingsOf(layer.tree).filter(({ path }) => path[0] !== "$schema" && !(isOwn && path[0] === "profile"));
  if (beyond.length === 0) return { layer: modest, trusted: true };

  const review = reviewLayer(mergeLayers([...lower, layer]).layers, given.rows);
  const changes = known.state === "changed" ? difference(known.before.settings, review.settings) : undefined;
  const untrusted: Untrusted = { label: file.label, key, review, ...(changes && { changes }) };
  const answer = await given.decide?.(untrusted);
  if (answer === true) {
    await trust(folders, key, review.settings);
    return { layer, trusted: true };
  }
  const counts = isOwn ? "counts here only for the profile that it chooses" : "counts for nothing here";
  if (answer === false) return { layer: modest, trusted: false, notices: [`${file.label} is not trusted and ${counts}`] };

  const folder = dirname(file.path);
  const command = folder === given.cwd ? "fcc trust" : `fcc trust ${shellPath(folder, showPath(folder, given.cwd, folders.home))}`;
  const places = beyond.slice(0, namedSettings).map(({ path }) => `${layer.where(path)}: ${pathName(path)}`);
  const more = beyond.length > namedSettings ? [`and ${beyond.length - namedSettings} more`] : [];
  const state = known.state === "changed" ? "has changed since it was trusted" : "is not trusted yet";
  return {
    error: configurationError(
      `${file.label} ${state}, and it does more than choose one of your own profiles.`,
      ...places,
      ...more,
      `Read it, then run \`${command}\`, or name it: --config ${shellPath(file.path, file.label)}`,
    ),
  };
}
