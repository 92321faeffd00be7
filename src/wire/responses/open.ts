import type { Effort, ReplySchema, Request, Tool, ToolChoice } from "../../model/request.ts";
import type { OpenContext } from "../../model/wire.ts";
import { withFields } from "../add-fields.ts";
import { nearestEffort } from "../effort.ts";
import { promptText, splitInstructions } from "../instructions.ts";
import { isObject, type JsonObject } from "../json.ts";
import { askedLogprobs } from "../logprobs.ts";
import { isStrict, schemaFields } from "../reply-schema.ts";
import { serverFields } from "../server-fields.ts";
import { withoutFields } from "../without-fields.ts";
import { openItems } from "./open-items.ts";
import { includedLogprobs, sharedFields } from "./shared-fields.ts";

/** A request as the body of `POST /responses`. Nothing is stored, and the whole history is sent. */
export function openBody(request: Request, context: OpenContext): Record<string, unknown> {
  const { quirks } = context;
  const { instructions, rest } = splitInstructions(request.turns);
  const prompt = promptText(instructions);
  const tools = request.tools.flatMap(openTool);
  const reasoning = openReasoning(request, context);
  const most = quirks.maxOutput ?? Infinity;
  // Zero only warms a cache; this wire cannot say it.
  const maxOutput = request.maxOutput === undefined ? quirks.maxOutput : Math.min(Math.max(request.maxOutput, quirks.minOutput ?? 1), most);
  const format = request.schema && openFormat(request.schema, quirks.replySchema ?? "json_schema");
  const { verbosity, ...fields } = serverFields(sharedFields(request.chatFields ?? {}), quirks.knownFields ?? []);
  const others = askedLogprobs(request, quirks);
  const text = { ...(format === undefined ? {} : { format }), ...(verbosity === undefined ? {} : { verbosity }) };
  const body = {
    model: context.model,
    ...(prompt === "" ? {} : { instructions: prompt }),
    input: openItems(rest, context),
    ...(tools.length === 0 ? {} : { tools, tool_choice: openToolChoice(request.toolChoice), parallel_tool_calls: request.parallelTools }),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(maxOutput === undefined ? {} : { max_output_tokens: maxOutput }),
    ...(request.sampling.temperature === undefined ? {} : { temperature: request.sampling.temperature }),
    ...(request.sampling.topP === undefined ? {} : { top_p: request.sampling.topP }),
    ...(request.sampling.topK !== undefined && quirks.topK === true ? { top_k: request.sampling.topK } : {}),
    ...(Object.keys(text).length === 0 ? {} : { text }),
    ...fields,
    // OpenAI refuses keys beyond 64 characters.
    ...(request.cacheKey !== undefined && request.cacheKey.length <= 64 ? { prompt_cache_key: request.cacheKey } : {}),
    include: ["reasoning.encrypted_content", ...(others === undefined ? [] : [includedLogprobs])],
    ...(others ? { top_logprobs: others } : {}),
    store: false,
    stream: request.stream,
  };
  return withoutFields(withFields(body, quirks.extraBody), quirks.refusedFields);
}

function openTool(tool: Tool): JsonObject[] {
  if (tool.type === "hosted") return tool.wire === "responses" && isObject(tool.value) ? [tool.value] : [];
  const { name, description, parameters, strict } = tool;
  // Without the field OpenAI takes the schema as strict and refuses most.
  const isHeld = strict === true && isStrict(parameters);
  return [{ type: "function", name, ...(description === undefined ? {} : { description }), parameters, strict: isHeld }];
}

function openToolChoice(choice: ToolChoice): unknown {
  return choice.type === "tool" ? { type: "function", name: choice.name } : choice.type;
}

const usualEfforts: readonly (Effort | "none")[] = ["minimal", "low", "medium", "high"];

function openReasoning({ reasoning }: Request, { quirks }: OpenContext): JsonObject | undefined {
  const { enabled, effort, budget } = reasoning;
  const taken = quirks.efforts ?? usualEfforts;
  if (quirks.reasoningRequest === "none" || (enabled === undefined && effort === undefined && budget === undefined)) return undefined;
  if (enabled === false) return taken.includes("none") ? { effort: "none" } : undefined;
  const nearest = nearestEffort(reasoning, taken);
  return { ...(nearest === undefined ? {} : { effort: nearest }), summary: "auto" };
}

/** A server that takes less is told the schema in words before this. */
function openFormat(schema: ReplySchema, taken: "json_schema" | "json_object" | "none"): JsonObject | undefined {
  if (taken !== "json_schema" || schema.open) return taken === "none" ? undefined : { type: "json_object" };
  return { type: "json_schema", ...schemaFields(schema) };
}
