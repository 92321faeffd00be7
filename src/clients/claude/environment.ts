import type { Environment } from "../../model/environment.ts";
import { type Tier, tiers } from "../../model/tiers.ts";
import type { Start } from "../client.ts";
import { withoutProxy } from "../no-proxy.ts";
import { tokenVariable } from "../token-variable.ts";
import { assumedWindow, tokens } from "../window.ts";
import { claudePrompt } from "./prompt.ts";
import { outputFor, smallWindow } from "./window.ts";

/** The longest that Claude Code accepts. It aborts a stream that is silent for this long. */
const idleTimeout = 30 * 60_000;
/** What `[1m]` after a model's name stands for, in tokens. */
const longWindow = 1_000_000;

/** The variables of a launch, over the user's. */
export function claudeEnvironment({ proxy, models, args, env, extra, bounded }: Start): Environment {
  const window = models.main.context ?? assumedWindow;
  return {
    // Both would be sent, and the key asks a question that is answered "no" by default.
    ANTHROPIC_API_KEY: undefined,
    ...ways(env),
    ANTHROPIC_BASE_URL: proxy.url,
    ANTHROPIC_AUTH_TOKEN: proxy.token,
    // For hooks and MCP servers, from which the client keeps that token.
    FCC_URL: proxy.url,
    [tokenVariable]: proxy.token,
    // `env` in settings files of the user and the project would win over this environment.
    CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST: "1",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    CLAUDE_CODE_DISABLE_OFFICIAL_MARKETPLACE_AUTOINSTALL: "1",
    DISABLE_AUTOUPDATER: "1",
    // A session in the client's own daemon outlives this launch, and with it its settings and the way to its models.
    CLAUDE_CODE_DISABLE_AGENT_VIEW: "1",
    // How to go on, as it prints at the end: else by `claude` alone, with settings that are gone, or on the vendor's own models. One word.
    CLAUDE_CODE_RESUME_HINT_COMMAND: env["CLAUDE_CODE_RESUME_HINT_COMMAND"] ?? "fcc",
    // A line of the system prompt that differs with each request, before everything that a prompt cache could keep.
    CLAUDE_CODE_ATTRIBUTION_HEADER: "0",
    // Deferred tools need a provider that resolves tool references.
    ENABLE_TOOL_SEARCH: "false",
    CLAUDE_STREAM_IDLE_TIMEOUT_MS: env["CLAUDE_STREAM_IDLE_TIMEOUT_MS"] ?? String(idleTimeout),
    // The whole time of one call, streams included; a local model may need more than the ten minutes of the default.
    API_TIMEOUT_MS: env["API_TIMEOUT_MS"] ?? String(2 * idleTimeout),
    ANTHROPIC_MODEL: undefined,
    // The picker's first row, which otherwise is the opus tier with a window of 1M.
    ANTHROPIC_DEFAULT_MODEL: models.main.wireId,
    // Takes precedence over the haiku tier in background calls.
    ANTHROPIC_SMALL_FAST_MODEL: undefined,
    ...Object.assign({}, ...tiers.map((tier) => tierVariables(tier, models))),
    // Without it sub-agents take the session's model, or the tier that the call asks for.
    CLAUDE_CODE_SUBAGENT_MODEL: models.subagent?.wireId,
    // An id that it does not know would count as 1M. Also silences the notice that the model is not recognized.
    CLAUDE_CODE_MAX_CONTEXT_TOKENS: String(window),
    // `sonnet[1m]`, as many have it in their settings or type it, would count as 1M all the same.
    ...(mayHaveLongWindow(models) ? {} : { CLAUDE_CODE_DISABLE_1M_CONTEXT: "1" }),
    CLAUDE_CODE_MAX_OUTPUT_TOKENS:
      env["CLAUDE_CODE_MAX_OUTPUT_TOKENS"] ?? String(outputFor(window, claudePrompt([...extra.args, ...args]), models.main.maxOutput)),
    ...(window < smallWindow ? { CLAUDE_CODE_BLOCKING_LIMIT_OVERRIDE: String(window) } : {}),
    ...(bounded ? { DISABLE_TELEMETRY: "1", DISABLE_ERROR_REPORTING: "1", CLAUDE_CODE_ENABLE_TELEMETRY: undefined } : {}),
    ...withoutProxy(env),
    ...extra.env,
  };
}

/** Where no server has said what the main model's is, the user may know. */
function mayHaveLongWindow({ main, tiers: byTier }: Start["models"]): boolean {
  return main.context === undefined || [main, ...tiers.map((tier) => byTier[tier])].some(({ context = 0 }) => context >= longWindow);
}

/** Other ways to a model that the user's environment may name, each of which would go round the proxy. */
function ways(env: Environment): Environment {
  const other = /^CLAUDE_CODE_USE_(?:BEDROCK|VERTEX|FOUNDRY|MANTLE|GATEWAY|ANTHROPIC_AWS|ANTHROPIC_GOOGLE_CLOUD)$/;
  const named = ["ANTHROPIC_UNIX_SOCKET", "ANTHROPIC_CUSTOM_HEADERS"];
  return Object.fromEntries(
    Object.keys(env)
      .filter((name) => other.test(name) || named.includes(name))
      .map((name) => [name, undefined]),
  );
}

/** The alias by which the session runs on the main model: a tier that has no model of its own, else the one that is least asked for. */
export function mainAlias({ main, tiers: byTier }: Start["models"]): Tier {
  return (["opus", "sonnet", "fable", "haiku"] as const).find((tier) => byTier[tier].label === main.label) ?? "fable";
}

/** All four are set: a tier that is not shows Anthropic's own model, price and window, and Enter in `/model` must find rows of its own. */
function tierVariables(tier: Tier, models: Start["models"]): Environment {
  const isMain = tier === mainAlias(models);
  const model = isMain ? models.main : models.tiers[tier];
  const name = `ANTHROPIC_DEFAULT_${tier.toUpperCase()}_MODEL`;
  const role = isMain ? "the main model" : `the ${tier} tier`;
  const window = model.context === undefined ? "" : `, ${tokens(model.context)} context`;
  return { [name]: model.wireId, [`${name}_NAME`]: model.label, [`${name}_DESCRIPTION`]: `${role} of this launch${window}` };
}
