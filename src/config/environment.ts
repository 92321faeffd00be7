import type { Environment } from "../model/environment.ts";
import { tiers } from "../model/tiers.ts";
import type { Layer } from "./files/layer.ts";
import { build, within } from "./files/layers.ts";
import type { Path } from "./files/tree.ts";
import { addressOfBind } from "./resolve/bind-address.ts";
import { knownTarget, type Rows } from "./resolve/known-providers.ts";

interface EnvironmentLayer {
  readonly layer: Layer;
  /** What was not understood, a line each; only of interest where the profile `env` would be used. */
  readonly modelNotices: readonly string[];
  readonly notices: readonly string[];
}

/** The layer that the environment's variables make. */
export function environmentLayer(env: Environment, rows: Rows, configured: readonly string[]): EnvironmentLayer {
  const addresses = addressesIn(env, rows);
  const models = modelsIn(env, rows, configured);
  const settings = [...addresses.settings, ...models.settings];
  const where = (path: Path): string =>
    settings.find((one) => within(path, one.path))?.variable ?? (path[0] === "profiles" ? "MODEL" : "environment");
  return { layer: { name: "environment", tree: build(settings), where }, modelNotices: models.notices, notices: addresses.notices };
}

/** What some variables say, and what of it was not understood. */
interface Said {
  readonly settings: readonly { readonly path: Path; readonly value: unknown; readonly variable: string }[];
  readonly notices: readonly string[];
}

/** Base addresses, by each row's documented variable. */
function addressesIn(env: Environment, rows: Rows): Said {
  const settings: Said["settings"][number][] = [];
  const notices: string[] = [];
  for (const row of Object.values(rows)) {
    const { id, baseUrlEnv: variable } = row;
    const written = variable === undefined ? undefined : env[variable];
    if (variable === undefined || !written?.trim()) continue;
    const baseUrl = addressOfBind(written, row);
    if (baseUrl === undefined) notices.push(`${variable} is ignored: it is not an address`);
    else settings.push({ path: ["providers", id, "baseUrl"], value: baseUrl, variable });
  }
  return { settings, notices };
}

/**
 * The profile `env` from MODEL, MODEL_OPUS and so on, which the system that fcc learns from reads. So general a name may mean anything, so
 * only a known provider counts.
 */
function modelsIn(env: Environment, rows: Rows, configured: readonly string[]): Said {
  const settings: Said["settings"][number][] = [];
  const notices: string[] = [];
  for (const key of ["model", ...tiers]) {
    const variable = key === "model" ? "MODEL" : `MODEL_${key.toUpperCase()}`;
    const written = env[variable]?.trim();
    if (!written) continue;
    const target = knownTarget(written, rows, configured);
    if (target === undefined) notices.push(`${variable} is ignored: it is not provider/model with a known provider`);
    else settings.push({ path: ["profiles", "env", key], value: [{ target: `${target.id}/${target.model}` }], variable });
  }
  if (settings.length === 0 || settings[0]?.variable === "MODEL") return { settings, notices };
  return { settings: [], notices: [...notices, "MODEL_OPUS, MODEL_SONNET, MODEL_HAIKU and MODEL_FABLE count only with MODEL"] };
}

/** What one launch is told by a variable does not belong in a file, nor does it say which file is meant. */
export function withoutLaunchVariables(env: Environment): Environment {
  return { ...env, FCC_CONFIG: undefined, FCC_PROFILE: undefined, FCC_MODEL: undefined };
}
