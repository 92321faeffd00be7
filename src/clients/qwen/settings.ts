import type { JsonObject } from "../../model/json.ts";
import type { Start } from "../client.ts";
import { objectIn } from "../json.ts";
import { type ShownModel, shownModels } from "../shown-models.ts";
import { tokenVariable } from "../token-variable.ts";
import { assumedWindow, outputWithin } from "../window.ts";

/** Milliseconds for one call, streams included; a local model may need more than the two minutes of the default. */
const timeout = 60 * 60_000;

/**
 * The settings of a launch, in the layer of the system, which wins over the user's and the project's. What an administrator set there
 * stays.
 */
export function qwenSettings(system: JsonObject, start: Start): JsonObject {
  const { proxy, models, bounded } = start;
  const baseUrl = `${proxy.url}/v1`;
  const over = (key: string, ours: JsonObject) => ({ ...objectIn(system[key]), ...ours });
  const commands = objectIn(system["slashCommands"])?.["disabled"];
  return {
    ...system,
    security: over("security", { auth: { ...objectIn(objectIn(system["security"])?.["auth"]), selectedType: "openai" } }),
    model: over("model", { name: models.main.wireId, baseUrl }),
    fastModel: models.tiers.haiku.wireId,
    modelProviders: over("modelProviders", { openai: shownModels(models).map((model) => row(model, baseUrl)) }),
    // What is chosen there is written into the user's settings, and the next plain `qwen` would ask for it.
    slashCommands: over("slashCommands", { disabled: [...(Array.isArray(commands) ? commands : []), "model", "auth"] }),
    general: over("general", { enableAutoUpdate: false }),
    privacy: over("privacy", { usageStatisticsEnabled: false }),
    ...(bounded ? { telemetry: over("telemetry", { enabled: false }) } : {}),
  };
}

function row({ wireId, name, context = assumedWindow, maxOutput, images }: ShownModel, baseUrl: string): JsonObject {
  return {
    id: wireId,
    name,
    baseUrl,
    envKey: tokenVariable,
    generationConfig: {
      timeout,
      contextWindowSize: context,
      samplingParams: { max_tokens: outputWithin(context, maxOutput) },
      modalities: { image: images !== false },
    },
  };
}
