import type { LoadOptions } from "./configuration.ts";

/** What an option of the command line says, else the variable that stands for it. An empty variable says nothing. */
export function told(
  key: "config" | "profile" | "model" | "trace",
  { options = {}, env }: Pick<LoadOptions, "options" | "env">,
): { readonly value: string; readonly source: string } | undefined {
  const option = options[key];
  if (option !== undefined) return { value: option, source: `--${key}` };
  const name = `FCC_${key.toUpperCase()}`;
  const variable = env[name];
  return variable ? { value: variable, source: name } : undefined;
}

/** Whether fcc keeps its own lines back, which --quiet says, else FCC_QUIET. */
export function isQuiet({ options = {}, env }: Pick<LoadOptions, "options" | "env">): boolean {
  const variable = env.FCC_QUIET?.toLowerCase() ?? "";
  return options.quiet ?? !["", "0", "false", "no", "off"].includes(variable);
}
