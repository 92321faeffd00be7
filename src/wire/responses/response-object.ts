import type { AcceptContext } from "../../model/wire.ts";
import { isObject, type JsonObject, objectOf } from "../json.ts";

/** What every response object of one request has in common; Open Responses demands every key. */
export interface Echo {
  readonly id: string;
  /** `status` and what goes with it laid over the echo. */
  object(fields: {
    readonly status: "in_progress" | "completed" | "incomplete" | "failed";
    readonly output: readonly unknown[];
    readonly usage?: JsonObject | null | undefined;
    readonly error?: { readonly code: string; readonly message: string };
    readonly incomplete?: string | undefined;
  }): JsonObject;
}

/** Without the conversation, which would stay in memory for as long as the reply lasts. */
export function createEcho({ input: _, ...body }: JsonObject, context: AcceptContext): Echo {
  const id = context.ids.next("resp_");
  const text = objectOf(body.text);
  const reasoning = isObject(body.reasoning) ? { effort: body.reasoning.effort ?? null, summary: body.reasoning.summary ?? null } : null;
  return {
    id,
    object: ({ status, output, usage, error, incomplete }) => ({
      id,
      object: "response",
      created_at: context.now,
      completed_at: status === "completed" ? context.now : null,
      status,
      error: error ?? null,
      incomplete_details: incomplete === undefined ? null : { reason: incomplete },
      model: body.model,
      previous_response_id: body.previous_response_id ?? null,
      instructions: body.instructions ?? null,
      output,
      tools: Array.isArray(body.tools) ? body.tools.map(echoTool) : [],
      tool_choice: body.tool_choice ?? "auto",
      parallel_tool_calls: body.parallel_tool_calls ?? true,
      truncation: body.truncation ?? "disabled",
      text: { ...text, format: echoFormat(text.format) },
      reasoning,
      temperature: body.temperature ?? 1,
      top_p: body.top_p ?? 1,
      presence_penalty: body.presence_penalty ?? 0,
      frequency_penalty: body.frequency_penalty ?? 0,
      top_logprobs: body.top_logprobs ?? 0,
      max_output_tokens: body.max_output_tokens ?? null,
      max_tool_calls: body.max_tool_calls ?? null,
      store: body.store ?? true,
      background: false,
      service_tier: body.service_tier ?? "default",
      metadata: body.metadata ?? {},
      safety_identifier: body.safety_identifier ?? null,
      prompt_cache_key: body.prompt_cache_key ?? null,
      user: body.user ?? null,
      // No keys of OpenAI's object: told only to those who asked by them.
      ...(body.include === undefined ? {} : { include: body.include }),
      ...(body.client_metadata === undefined ? {} : { client_metadata: body.client_metadata }),
      usage: usage ?? null,
    }),
  };
}

function echoFormat(format: unknown): unknown {
  if (!isObject(format)) return { type: "text" };
  return format.type === "json_schema" ? { description: null, strict: false, ...format } : format;
}

function echoTool(tool: unknown): unknown {
  if (!isObject(tool) || tool.type !== "function") return tool;
  return { ...tool, description: tool.description ?? null, parameters: tool.parameters ?? null, strict: tool.strict ?? null };
}
