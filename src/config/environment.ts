import type { Environment } from "../model/environment.ts";
import { tiers } from "../model/tiers.ts";
import type { Layer } from "./files/layer.ts";
import { type Path, pathName } from "./files/tree.ts";
import { addressOfBind } from "./resolve/bind-address.ts";
import { knownTarget, type Rows } from "./resolve/known-providers.ts";

interface EnvironmentLayer {
  readonly layer: Layer;
  /** What was not understood, a line each; only of interest where the profile `env` would be used. */
  readonly modelNotices: readonly string[];
  readonly notices: readonly string[];
}

/**
 * The layer that the environment's variables make: base addresses by each row's documented variable, and the profile `env` from MODEL, MODEL_OPUS
 * and so on, which the system that fcc learns from reads. So general a name may mean anything, so only a known provider counts.
 */
export function environmentLayer(env: Environment, rows: Rows, configured: readonly string[]): EnvironmentLayer {
  const notices: string[] = [];
  const sources = new Map<string, string>();
  const providers: Record<string, { baseUrl: string }> = {};
  for (const row of Object.values(rows)) {
    const variable = row.baseUrlEnv;
    const written = variable === undefined ? undefined : env[variable];
    if (variable === undefined || !written?.trim()) continue;
    const baseUrl = addressOfBind(written, row);
    if (baseUrl === undefined) {
      notices.push(`${variable} is ignored: it is not an address`);
      continue;
    }
    providers[row.id] = { baseUrl };
    sources.set(pathName(["providers", row.id, "baseUrl"]), variable);
  }

  const modelNotices: string[] = [];
  const profile: Record<string, unknown> = {};
  const variables = [["model", "MODEL"] as const, ...tiers.map((tier) => [tier, `MODEL_${tier.toUpperCase()}`] as const)];
  for (const [key, variable] of variables) {
    const written = env[variable]?.trim();
    if (!written) continue;
    const target = knownTarget(written, rows, configured);
    if (target === undefined) {
      modelNotices.push(`${variable} is ignored: it is not provider/model with a known provider`);
      continue;
    }
    profile[key] = [{ target: `${target.id}/${target.model}` }];
    sources.set(pathName(["profiles", "env", key]), variable);
  }
  const model = profile.model !== undefined;
  if (!model && Object.keys(profile).length > 0)
    modelNotices.push("MODEL_OPUS, MODEL_SONNET, MODEL_HAIKU and MODEL_FABLE count only with MODEL");

  const where = (path: Path): string => {
    for (let length = path.length; length > 0; length--) {
      const source = sources.get(pathName(path.slice(0, length)));
      if (source !== undefined) return source;
    }
    return path[0] === "profiles" ? "MODEL" : "environment";
  };
  const tree = { ...(Object.keys(providers).length > 0 && { providers }), ...(model && { profiles: { env: profile } }) };
  return { layer: { name: "environment", tree, where }, modelNotices, notices };
}

/** What one launch is told by a variable does not belong in a file, nor does it say which file is meant. */
export function withoutLaunchVariables(env: Environment): Environment {
  return { ...env, FCC_CONFIG: undefined, FCC_PROFILE: undefined, FCC_MODEL: undefined };
}
