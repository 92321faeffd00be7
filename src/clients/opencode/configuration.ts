import type { JsonObject } from "../../model/json.ts";
import type { ClientModel, Start } from "../client.ts";
import { objectIn } from "../json.ts";
import { type ShownModel, shownModels } from "../shown-models.ts";
import { tokenVariable } from "../token-variable.ts";
import { assumedWindow, outputWithin } from "../window.ts";

const provider = "fcc";
/** OpenCode gives up on a stream that brings nothing for this long; a local model may read its prompt for minutes. */
const idleTimeout = 30 * 60_000;

/** The launch's models over what the user gives by the same way. The user's and the project's files are read before it, and stay. */
export function opencodeConfiguration(own: JsonObject, { proxy, models, bounded }: Start): JsonObject {
  const name = ({ wireId }: ClientModel) => `${provider}/${wireId}`;
  const agents = objectIn(own["agent"]) ?? {};
  const onModel = (ids: readonly string[], model: ClientModel) =>
    Object.fromEntries(ids.map((id) => [id, { ...objectIn(agents[id]), model: name(model) }]));
  return {
    ...own,
    model: name(models.main),
    small_model: name(models.tiers.haiku),
    // No other provider is loaded, so that no request goes round the proxy.
    enabled_providers: [provider],
    autoupdate: false,
    ...(bounded ? { share: "disabled" } : {}),
    // A model that the user's files name for an agent would win over the launch's.
    agent: {
      ...agents,
      ...onModel(["build", "plan"], models.main),
      ...(models.subagent ? onModel(["general", "explore"], models.subagent) : {}),
    },
    provider: {
      ...objectIn(own["provider"]),
      [provider]: {
        npm: "@ai-sdk/openai-compatible",
        name: provider,
        options: {
          baseURL: `${proxy.url}/v1`,
          apiKey: `{env:${tokenVariable}}`,
          timeout: false,
          headerTimeout: false,
          chunkTimeout: idleTimeout,
        },
        models: Object.fromEntries(shownModels(models).map((model) => [model.wireId, row(model)])),
      },
    },
  };
}

function row({ name, context = assumedWindow, maxOutput, images, efforts = [] }: ShownModel): object {
  return {
    name,
    limit: { context, output: outputWithin(context, maxOutput) },
    tool_call: true,
    attachment: images !== false,
    modalities: { input: images === false ? ["text"] : ["text", "image"], output: ["text"] },
    reasoning: efforts.length > 0,
    variants: Object.fromEntries(efforts.map((effort) => [effort, { reasoningEffort: effort }])),
  };
}
