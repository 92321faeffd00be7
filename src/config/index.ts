/**
 * What the command line reads and writes configuration by. It brings the schemas and YAML with it: what is needed before they are loaded, or
 * by one command alone (`adopt/` by the wizard), is imported from its own file.
 *
 *     const loaded = await loadConfiguration({ cwd, env: process.env, rows, options: { config, profile, model }, decide });
 *     if (loaded.error) -> print loaded.error.lines, exit loaded.error.exitCode
 *     const resolved = await resolveProfile(loaded);
 *     resolved.error | resolved.nothing (discover servers) | resolved.profile, .keyVariables, .notices, .warm
 *
 * A key that a provider refuses (401, 403): `resolveProvider(loaded, id, "refresh")` runs its command again.
 */

export type { Configuration, FileState, Loaded, LoadOptions, Untrusted } from "./configuration.ts";
export { withoutLaunchVariables } from "./environment.ts";
export { plain } from "./errors.ts";
export { explainLines, pathLines, schemaLines, showLines } from "./explain.ts";
export type { Draft, ProviderDraft } from "./files/draft.ts";
export { foldersOf, homeFolder, showPath } from "./files/paths.ts";
export { defaultOf, type Planned, placeOf, plan, planEdits, type Scope, save } from "./files/save.ts";
export { findProjectFile } from "./files/search.ts";
export { loadConfiguration } from "./load.ts";
export { nameFor, originsOf } from "./resolve/addresses.ts";
export { defaultTimeout, lacksAddress } from "./resolve/assemble-provider.ts";
export { outerBoundary } from "./resolve/boundaries.ts";
export { providerId } from "./resolve/known-providers.ts";
export { listedProviders } from "./resolve/listed-providers.ts";
export { withNewKeys } from "./resolve/new-keys.ts";
export { definedProfiles } from "./resolve/profiles.ts";
export { defaultKeepAliveAfter, type Resolved, resolveProfile } from "./resolve/resolve-profile.ts";
export { configuredProviders, keyBeforeStored, lookUpProvider, providerOrigins, resolveProvider } from "./resolve/resolve-provider.ts";
export { keyFault, listStoredKeys, longestKey, removeStoredKey, type StoredKey, setStoredKey } from "./secrets/stored-keys.ts";
export { shellWord } from "./shell-words.ts";
export { isQuiet } from "./told.ts";
export { listTrusted, revokeTrust } from "./trust/trust.ts";
export { trustProject } from "./trust/trust-project.ts";
