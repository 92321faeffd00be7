import { resolve } from "node:path";
import type { LoadOptions, Untrusted } from "../configuration.ts";
import { withoutLaunchVariables } from "../environment.ts";
import type { ConfigurationError } from "../errors.ts";
import { loadConfiguration } from "../load.ts";

/**
 * For `fcc trust [folder]`: what the project's file at `cwd` would set, asked by the same path as a launch asks. `decide` gets it and answers whether
 * it is trusted from now on; "nothing" is a folder without a file, or one whose file needs no trust.
 */
export async function reviewProject(
  options: Omit<LoadOptions, "decide"> & { readonly decide: (untrusted: Untrusted) => Promise<boolean> },
): Promise<
  | { readonly state: "trusted" | "refused" | "needs none" | "no file"; readonly label: string; readonly error?: undefined }
  | { readonly error: ConfigurationError }
> {
  let answer: boolean | undefined;
  const loaded = await loadConfiguration({
    ...options,
    cwd: resolve(options.cwd),
    options: {},
    env: withoutLaunchVariables(options.env),
    decide: async (untrusted) => {
      const said = await options.decide(untrusted);
      answer = said;
      return said;
    },
  });
  if (loaded.error !== undefined) return { error: loaded.error };
  const project = loaded.files.find(({ role }) => role === "project");
  if (project === undefined || project.state === "absent") return { state: "no file", label: ".fccrc" };
  return { state: answer === undefined ? "needs none" : answer ? "trusted" : "refused", label: project.label };
}
