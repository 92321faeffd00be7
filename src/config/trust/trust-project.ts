import { resolve } from "node:path";
import type { LoadOptions, Untrusted } from "../configuration.ts";
import { withoutLaunchVariables } from "../environment.ts";
import type { ConfigurationError } from "../errors.ts";
import { loadConfiguration } from "../load.ts";

/**
 * Trusts the project's file at `cwd` as it stands, by the same path as a launch asks: for `fcc trust [folder]`, and for whoever has just written
 * it. `show` gets what the file sets before that.
 */
export async function trustProject({
  show = () => {},
  ...options
}: Omit<LoadOptions, "decide"> & { readonly show?: (untrusted: Untrusted) => void }): Promise<
  | { readonly state: "trusted" | "needs none" | "no file"; readonly label: string; readonly error?: undefined }
  | { readonly error: ConfigurationError }
> {
  let isNew = false;
  const loaded = await loadConfiguration({
    ...options,
    cwd: resolve(options.cwd),
    options: {},
    env: withoutLaunchVariables(options.env),
    async decide(untrusted) {
      show(untrusted);
      isNew = true;
      return true;
    },
  });
  if (loaded.error !== undefined) return { error: loaded.error };
  const project = loaded.files.find(({ role }) => role === "project");
  if (project === undefined || project.state === "absent") return { state: "no file", label: ".fccrc" };
  return { state: isNew ? "trusted" : "needs none", label: project.label };
}
