import type { Environment } from "../../model/environment.ts";
import { isObject, type JsonObject, parseJson } from "../../model/json.ts";

/** What a launch sets by itself, through a settings file, since there is no variable for it. */
interface LaunchSettings {
  /** The user asked for auto mode by name. */
  readonly autoMode: boolean;
  readonly bounded: boolean;
  /** Claude Code's handling of a model that it knows, for one of ours: known id -> our wire id. */
  readonly overrides: Readonly<Record<string, string>>;
  /** The variables of the launch. */
  readonly variables: Environment;
}

/**
 * `env` in the settings files of the user and the project wins over the environment, but for what names a provider or a model, as
 * CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST has it; over these files a `--settings` wins. A window of another server would compact every
 * turn, or never.
 */
const held = ["CLAUDE_CODE_MAX_CONTEXT_TOKENS", "ENABLE_TOOL_SEARCH"];

/** The settings of a `--settings` argument, a file's path or the JSON itself; undefined where it holds no object. */
export function readSettings(argument: string, read: (path: string) => string | undefined): JsonObject | undefined {
  const text = argument.trimStart().startsWith("{") ? argument : read(argument);
  const value = text === undefined ? undefined : parseJson(text);
  return isObject(value) ? value : undefined;
}

/**
 * One file for both: of two `--settings` on a command line Claude Code reads only the last. The user's own win, but for what would
 * lead the client away from the proxy.
 */
export function mergeSettings(own: JsonObject, { autoMode, bounded, overrides, variables }: LaunchSettings): JsonObject {
  const { apiKeyHelper: _, env, permissions, modelOverrides, ...rest } = own;
  const kept = isObject(env) ? Object.entries(env).filter(([name]) => !Object.hasOwn(variables, name)) : [];
  const holding = held.flatMap((name) => (variables[name] === undefined ? [] : [[name, variables[name]]]));
  // Auto mode, the default in a terminal, needs a judge on Anthropic's side; without one the client stops at a dialog. Other modes that the
  // user's settings name stay.
  const allowed = { ...(autoMode ? {} : { disableAutoMode: "disable" }), ...(isObject(permissions) ? permissions : {}) };
  const behaving = { ...overrides, ...(isObject(modelOverrides) ? modelOverrides : {}) };
  return {
    // The hosts that WebFetch is asked for would be sent to Anthropic first.
    ...(bounded ? { skipWebFetchPreflight: true } : {}),
    ...rest,
    env: Object.fromEntries([...kept, ...holding]),
    ...(Object.keys(allowed).length > 0 ? { permissions: allowed } : {}),
    ...(Object.keys(behaving).length > 0 ? { modelOverrides: behaving } : {}),
  };
}
