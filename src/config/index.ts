/**
 * What the command line uses of configuration:
 *
 *     const loaded = await loadConfiguration({ cwd, env: process.env, rows, options: { config, profile, model }, decide });
 *     if (loaded.error) -> print loaded.error.lines, exit loaded.error.exitCode
 *     const resolved = await resolveProfile(loaded);
 *     resolved.error | resolved.nothing (discover servers) | resolved.profile, .keyVariables, .notices, .warm
 *
 * A key that a provider refuses (401): `resolveProvider(loaded, id, "refresh")` runs its command again.
 */

export { defaultTimeout } from "./assemble-provider.ts";
export { outerBoundary } from "./boundaries.ts";
export type { Configuration, FileState, LoadOptions, Untrusted } from "./configuration.ts";
export type { Draft, ProviderDraft } from "./draft.ts";
export { withoutLaunchVariables } from "./environment.ts";
export { plain } from "./errors.ts";
export { explainLines, pathLines, schemaLines, showLines } from "./explain.ts";
export { listedProviders } from "./listed-providers.ts";
export { loadConfiguration } from "./load.ts";
export { type Folders, foldersOf, homeFolder, showPath } from "./paths.ts";
export { definedProfiles } from "./profiles.ts";
export { defaultKeepAliveAfter, type Resolved, resolveProfile } from "./resolve-profile.ts";
export { configuredProviders, providerOrigins, resolveProvider } from "./resolve-provider.ts";
export { reviewProject } from "./review-project.ts";
export { defaultOf, type Planned, placeOf, plan, planEdits, type Scope, save } from "./save.ts";
export { findProjectFile } from "./search.ts";
export { listStoredKeys, removeStoredKey, setStoredKey } from "./stored-keys.ts";
export { listTrusted, revokeTrust } from "./trust.ts";
