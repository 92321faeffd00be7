import type { Effort, ReplySchema, Request, Tool, ToolChoice } from "../../model/request.ts";
import type { OpenContext } from "../../model/wire.ts";
import { isObject, type JsonObject } from "./json.ts";
import { openItems } from "./open-items.ts";
import { createToolNames } from "./open-names.ts";

export interface OpenedBody {
  readonly body: Record<string, unknown>;
  /** The tool's own name for the name that was sent. */
  readonly nameBack: (name: string) => string;
}

/** A request as the body of `POST /responses`. Nothing is stored, and the whole history is sent. */
export function openBody(request: Request, context: OpenContext): OpenedBody {
  const { quirks } = context;
  const names = createToolNames(toolNames(request), quirks.toolNameLength ?? 64);
  const { leading, rest } = splitInstructions(request);
  const tools = request.tools.flatMap((tool) => openTool(tool, names.out));
  const choice = openToolChoice(request.toolChoice, quirks.forcedTools ?? "enforced", names.out);
  const reasoning = openReasoning(request, context);
  const maxOutput = request.maxOutput === undefined ? quirks.maxOutput : Math.min(request.maxOutput, quirks.maxOutput ?? Infinity);
  const format = request.schema && openFormat(request.schema, quirks.replySchema ?? "json_schema");
  const input = openItems(rest, context, names.out);
  const told = [choice.told, format?.told].filter((line) => line !== undefined);
  if (told.length > 0) {
    const content = told.map((text) => ({ type: "input_text", text }));
    input.push({ type: "message", role: quirks.systemRole ?? "developer", content });
  }

  const body: Record<string, unknown> = {
    model: context.model,
    ...(leading === "" ? {} : { instructions: leading }),
    input,
    ...(tools.length === 0 ? {} : { tools, tool_choice: choice.value, parallel_tool_calls: request.parallelTools }),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(maxOutput === undefined ? {} : { max_output_tokens: maxOutput }),
    ...(request.sampling.temperature === undefined ? {} : { temperature: request.sampling.temperature }),
    ...(request.sampling.topP === undefined ? {} : { top_p: request.sampling.topP }),
    ...(request.sampling.topK !== undefined && quirks.topK === true ? { top_k: request.sampling.topK } : {}),
    ...(format?.value === undefined ? {} : { text: { format: format.value } }),
    // OpenAI refuses keys beyond 64 characters.
    ...(request.cacheKey !== undefined && request.cacheKey.length <= 64 ? { prompt_cache_key: request.cacheKey } : {}),
    include: ["reasoning.encrypted_content"],
    store: false,
    stream: request.stream,
    ...quirks.extraBody,
  };
  for (const field of quirks.refusedFields ?? []) refuse(body, field);
  return { body, nameBack: names.back };
}

function* toolNames(request: Request): Iterable<string> {
  for (const tool of request.tools) yield tool.name;
  for (const turn of request.turns) {
    if (turn.role !== "assistant") continue;
    for (const part of turn.parts) if (part.type === "tool-call") yield part.name;
  }
}

/** The system prompt goes where a server's template expects it; system turns inside the conversation stay in their place. */
function splitInstructions(request: Request): { readonly leading: string; readonly rest: Request["turns"] } {
  const first = request.turns.findIndex((turn) => turn.role !== "system");
  // Servers want something in `input`: a request of instructions only keeps them there.
  const end = Math.max(first, 0);
  const texts = request.turns.slice(0, end).flatMap((turn) => (turn.role === "system" ? turn.parts.map((part) => part.text) : []));
  return { leading: texts.filter((text) => text !== "").join("\n\n"), rest: request.turns.slice(end) };
}

function openTool(tool: Tool, nameOf: (name: string) => string): JsonObject[] {
  if (tool.type === "hosted") return tool.wire === "responses" && isObject(tool.value) ? [tool.value] : [];
  const { description, parameters } = tool;
  const schema = parameters.type === undefined ? { type: "object", properties: {}, ...parameters } : parameters;
  // Without the field OpenAI takes the schema as strict and refuses most.
  const rest = { parameters: schema, strict: false };
  return [{ type: "function", name: nameOf(tool.name), ...(description === undefined ? {} : { description }), ...rest }];
}

/** The value of a field, and what the model has to be told where the field cannot say it. */
interface Field {
  readonly value?: unknown;
  readonly told?: string;
}

function openToolChoice(choice: ToolChoice, forced: "enforced" | "required" | "auto", nameOf: (name: string) => string): Field {
  if (choice.type === "auto" || choice.type === "none") return { value: choice.type };
  const named = choice.type === "tool" ? nameOf(choice.name) : undefined;
  if (forced === "auto") return { value: "auto", told: named === undefined ? "You must call a tool." : `You must call the tool ${named}.` };
  if (named === undefined) return { value: "required" };
  if (forced === "required") return { value: "required", told: `You must call the tool ${named}.` };
  return { value: { type: "function", name: named } };
}

const ladder: readonly Effort[] = ["minimal", "low", "medium", "high", "xhigh", "max"];
const usualEfforts: readonly (Effort | "none")[] = ["minimal", "low", "medium", "high"];

function openReasoning(request: Request, { quirks }: OpenContext): JsonObject | undefined {
  const { enabled, effort, budget } = request.reasoning;
  const taken = quirks.efforts ?? usualEfforts;
  if (quirks.reasoningRequest === "none" || (enabled === undefined && effort === undefined && budget === undefined)) return undefined;
  if (enabled === false) return taken.includes("none") ? { effort: "none" } : undefined;
  const wanted = effort ?? (budget === undefined ? undefined : budget < 4096 ? "low" : budget < 16_384 ? "medium" : "high");
  const nearest = wanted === undefined ? undefined : nearestEffort(wanted, taken);
  return { ...(nearest === undefined ? {} : { effort: nearest }), summary: "auto" };
}

function nearestEffort(wanted: Effort, taken: readonly (Effort | "none")[]): Effort | undefined {
  const height = (effort: Effort) => ladder.indexOf(effort);
  const choices = taken.filter((effort) => effort !== "none");
  return choices.reduce<Effort | undefined>((best, effort) => {
    if (best === undefined) return effort;
    return Math.abs(height(effort) - height(wanted)) < Math.abs(height(best) - height(wanted)) ? effort : best;
  }, undefined);
}

function openFormat({ name, schema }: ReplySchema, taken: "json_schema" | "json_object" | "none"): Field {
  if (taken === "json_schema") {
    const legal = name.replace(/[^a-zA-Z0-9_-]/g, "_").slice(0, 64);
    return { value: { type: "json_schema", name: legal, schema, strict: isStrict(schema) } };
  }
  const told = `Answer with JSON only, of this JSON Schema:\n${JSON.stringify(schema)}`;
  return { told, ...(taken === "json_object" ? { value: { type: "json_object" } } : {}) };
}

/** Whether OpenAI takes the schema as strict: every object closed and all of its properties required. Otherwise it refuses the request. */
function isStrict(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isStrict);
  if (!isObject(schema)) return true;
  const properties = isObject(schema.properties) ? schema.properties : undefined;
  if (schema.type === "object" || properties !== undefined) {
    const required: readonly unknown[] = Array.isArray(schema.required) ? schema.required : [];
    if (schema.additionalProperties !== false || !Object.keys(properties ?? {}).every((name) => required.includes(name))) return false;
  }
  return [properties && Object.values(properties), schema.items, schema.anyOf, isObject(schema.$defs) && Object.values(schema.$defs)].every(
    (inner) => (inner ? isStrict(inner) : true),
  );
}

/** `field` may be a path, as refusals name it: `reasoning.summary`. */
function refuse(body: Record<string, unknown>, field: string): void {
  const dot = field.indexOf(".");
  if (dot < 0) delete body[field];
  const outer = body[field.slice(0, dot)];
  if (dot > 0 && isObject(outer)) {
    const inner: Record<string, unknown> = { ...outer };
    refuse(inner, field.slice(dot + 1));
    body[field.slice(0, dot)] = inner;
  }
}
