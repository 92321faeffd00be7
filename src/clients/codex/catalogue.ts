import type { ClientModel, Start } from "../client.ts";
import { modelsOf } from "../shown-models.ts";
import { assumedWindow, tokens } from "../window.ts";
import { codexInstructions } from "./instructions.ts";

/** What Codex reads from `model_catalog_json`; a missing key refuses the whole file. */
interface CatalogueModel {
  readonly slug: string;
  readonly display_name: string;
  readonly description: string;
  readonly supported_reasoning_levels: readonly { readonly effort: string; readonly description: string }[];
  readonly shell_type: "unified_exec";
  readonly visibility: "list" | "hide";
  readonly supported_in_api: true;
  readonly priority: number;
  readonly support_verbosity: false;
  readonly truncation_policy: { readonly mode: "tokens"; readonly limit: number };
  readonly experimental_supported_tools: readonly string[];
  readonly base_instructions: string;
  readonly apply_patch_tool_type: "freeform";
  readonly input_modalities: readonly string[];
  readonly context_window: number;
  readonly max_context_window: number;
  readonly auto_compact_token_limit: number;
}

const descriptions: Readonly<Record<string, string>> = {
  none: "No reasoning",
  minimal: "As little reasoning as can be",
  low: "Fast, with light reasoning",
  medium: "As much reasoning as most tasks need",
  high: "More reasoning for hard tasks",
  xhigh: "Much more reasoning for the hardest tasks",
  max: "All the reasoning that the model can do",
};

/** With a default Codex would ask for it in each request, of models too that cannot think; without one it calls the first the default. */
function levels(efforts: readonly string[]): CatalogueModel["supported_reasoning_levels"] {
  const ordered = [...efforts.filter((effort) => effort === "medium"), ...efforts.filter((effort) => effort !== "medium")];
  return ordered.map((effort) => ({ effort, description: descriptions[effort] ?? effort }));
}

interface Entry extends Pick<CatalogueModel, "slug" | "visibility"> {
  readonly model: ClientModel;
}

/** The list of models that Codex offers in this launch, in place of its own, whose tools only OpenAI's servers understand. */
export function catalogue(models: Start["models"]): { readonly models: readonly CatalogueModel[] } {
  const all = modelsOf(models);
  // Roles on one target would be rows of one name. By that target's name the proxy takes the first role's settings.
  const isFirst = ({ label }: ClientModel, index: number) => all.findIndex((other) => other.label === label) === index;
  const listed = all.map((model, index): Entry => ({ slug: model.wireId, visibility: isFirst(model, index) ? "list" : "hide", model }));
  // The other names that the proxy knows these models by, as in `-m haiku` or an agent's `model`: of a name that is not in the list Codex
  // complains, and assumes a window so large that it never compacts a small one.
  const { main, tiers, subagent } = models;
  const byRole = Object.entries({ main, ...tiers, ...(subagent && { subagent }) });
  const byTarget = all.filter(isFirst).map((model) => [model.label, model] as const);
  const hidden = [...byRole, ...byTarget].map(([slug, model]): Entry => ({ slug, visibility: "hide", model }));
  return { models: [...listed, ...hidden].map(described) };
}

function described({ slug, visibility, model }: Entry, index: number): CatalogueModel {
  const window = model.context ?? assumedWindow;
  return {
    slug,
    display_name: model.label,
    description: `${tokens(window)} context`,
    supported_reasoning_levels: levels(model.efforts ?? []),
    shell_type: "unified_exec",
    visibility,
    supported_in_api: true,
    priority: index + 1,
    support_verbosity: false,
    // A tool's output may not fill a small window.
    truncation_policy: { mode: "tokens", limit: Math.min(10_000, Math.floor(window / 8)) },
    experimental_supported_tools: [],
    base_instructions: codexInstructions,
    apply_patch_tool_type: "freeform",
    input_modalities: model.images === false ? ["text"] : ["text", "image"],
    context_window: window,
    max_context_window: window,
    // A turn that overflows is lost to Codex, and its own nine tenths leave a small window no room for one more output and a reply.
    auto_compact_token_limit: window - Math.min(32_000, Math.floor(window / 4)),
  };
}
