import type { JsonObject } from "../model/json.ts";
import { aiderOptions } from "./aider/options.ts";
import type { Client, ClientModel, Start } from "./client.ts";
import { jsonFile, objectIn } from "./json.ts";
import { withoutProxy } from "./no-proxy.ts";
import { lastValue, type Scanned, scanOptions, withoutOption } from "./options.ts";
import type { PythonPackage } from "./package.ts";
import { shownModels } from "./shown-models.ts";
import { assumedWindow, outputWithin } from "./window.ts";
import { withoutSession } from "./without-session.ts";

const metadataFile = "models.json";
const metadataOption = "--model-metadata-file";

export const aider: Client<PythonPackage> = {
  id: "aider",
  name: "Aider",
  command: "aider",
  examples: [
    ["fcc aider src/app.ts", "with a file to edit"],
    ["fcc aider --yes-always -m 'fix it' README.md", "one task, without a terminal"],
  ],
  install: { from: "pip", package: "aider-chat", version: "0.86.2", module: "aider", python: { from: "3.10", below: "3.13" } },
  oldest: "0.70.0",
  folders: [],
  options: aiderOptions,
  // Its prompt is small: a map of the repository and the files come with the conversation.
  fixedPrompt: (args) => (scanOptions(args, aiderOptions).startsSession ? 3_000 : 0),
  task: (text) => ["--yes-always", "--no-git", "--message", text],
  prepare(start) {
    const { proxy, extra, env } = start;
    const scanned = scanOptions([...extra.args, ...start.args], aiderOptions);
    if (!scanned.startsSession) return withoutSession(start);
    const own = ownMetadata(start, scanned);
    return {
      // Before the user's own, of which the last wins. A project's `.env` is read over the environment, but not over these.
      args: [
        ...["--model", named(start.models.main), "--weak-model", named(start.models.tiers.haiku)],
        ...["--openai-api-base", `${proxy.url}/v1`, metadataOption, `${start.folder}/${metadataFile}`],
        ...["--no-show-model-warnings", "--no-analytics", "--no-check-update", "--no-show-release-notes"],
        ...withoutOption(scanned, own === undefined ? "" : metadataOption),
      ],
      env: {
        // Stands over an OPENAI_API_KEY of the project's `.env`.
        AIDER_OPENAI_API_KEY: proxy.token,
        OPENAI_API_KEY: proxy.token,
        // The list of prices that LiteLLM fetches as it is loaded.
        LITELLM_LOCAL_MODEL_COST_MAP: "True",
        ...withoutProxy(env),
        ...extra.env,
      },
      files: [jsonFile(metadataFile, { ...own, ...metadata(start) })],
    };
  },
};

const named = ({ wireId }: ClientModel) => `openai/${wireId}`;

/** The models of a file that the user names, which would be read in the place of ours. */
function ownMetadata({ read }: Start, scanned: Scanned): JsonObject | undefined {
  const path = lastValue(scanned, metadataOption);
  return path === undefined ? undefined : objectIn(read(path));
}

/** What LiteLLM is told of models. */
function metadata({ models }: Start): JsonObject {
  return Object.fromEntries(
    shownModels(models).map((model): [string, object] => {
      const context = model.context ?? assumedWindow;
      const output = outputWithin(context, model.maxOutput);
      return [
        named(model),
        {
          litellm_provider: "openai",
          mode: "chat",
          max_input_tokens: context,
          max_output_tokens: output,
          max_tokens: output,
          input_cost_per_token: 0,
          output_cost_per_token: 0,
          supports_vision: model.images !== false,
        },
      ];
    }),
  );
}
