import { type Say, type Script, type ScriptedServer, serve, type Writer } from "./scripted.ts";

/** A native Responses server that says what the script says, as a measure of what the client makes of it. */
export function serveResponses(script: Script): Promise<ScriptedServer> {
  const events = function* (say: Say, model: string): Generator<string> {
    const response = { id: "resp_1", object: "response", created_at: 1, model };
    const output: object[] = [];
    const event = (type: string, fields: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
    yield event("response.created", { response: { ...response, status: "in_progress", output } });
    const item = function* (
      begun: object,
      deltas: readonly (readonly [string, object])[],
      whole: { readonly id: string; readonly [field: string]: unknown },
    ): Generator<string> {
      const output_index = output.length;
      yield event("response.output_item.added", { output_index, item: begun });
      for (const [type, fields] of deltas) yield event(type, { output_index, item_id: whole.id, ...fields });
      if (say.cut) return;
      yield event("response.output_item.done", { output_index, item: whole });
      output.push(whole);
    };
    if (say.thinking) {
      const text = say.thinking;
      const part = { type: "summary_text", text };
      const own = { type: "reasoning", id: "rs_1" };
      const deltas = [
        ["response.reasoning_summary_part.added", { summary_index: 0, part: { ...part, text: "" } }],
        ["response.reasoning_summary_text.delta", { summary_index: 0, delta: text }],
        ["response.reasoning_summary_text.done", { summary_index: 0, text }],
        ["response.reasoning_summary_part.done", { summary_index: 0, part }],
      ] as const;
      yield* item({ ...own, summary: [] }, deltas, { ...own, summary: [part], encrypted_content: "c2VhbA==" });
    }
    if (say.text?.length) {
      const own = { type: "message", id: "msg_1", role: "assistant" };
      const part = (text: string) => ({ type: "output_text", text, annotations: [] });
      const text = say.text.join("");
      const deltas = [
        ["response.content_part.added", { content_index: 0, part: part("") }],
        ...say.text.map((delta) => ["response.output_text.delta", { content_index: 0, delta }] as const),
        ["response.output_text.done", { content_index: 0, text }],
        ["response.content_part.done", { content_index: 0, part: part(text) }],
      ] as const;
      const whole = { ...own, status: "completed", content: [part(text)] };
      yield* item({ ...own, status: "in_progress", content: [] }, deltas, whole);
    }
    for (const [index, { name, namespace, input }] of (say.calls ?? []).entries()) {
      const id = `fc_${index}`;
      const call_id = `call_${index}_${JSON.stringify(input).length}`;
      const own = { id, call_id, name, ...(namespace === undefined ? {} : { namespace }) };
      if (typeof input === "string") {
        const call = { type: "custom_tool_call", ...own };
        yield* item({ ...call, input: "" }, [["response.custom_tool_call_input.delta", { delta: input }]], {
          ...call,
          status: "completed",
          input,
        });
        continue;
      }
      const json = JSON.stringify(input);
      const call = { type: "function_call", ...own };
      const deltas = [["response.function_call_arguments.delta", { delta: json }]] as const;
      yield* item({ ...call, arguments: "" }, deltas, { ...call, status: "completed", arguments: json });
    }
    if (say.cut) return;
    const input = say.promptTokens ?? 1200;
    const usage = { input_tokens: input, output_tokens: 20, total_tokens: input + 20 };
    yield event("response.completed", { response: { ...response, status: "completed", output, usage } });
  };
  const write: Writer = async function* (_response, say, model) {
    yield* events(say, model);
  };
  const whole = (say: Say, model: string) => JSON.parse([...events(say, model)].at(-1)?.split("data: ")[1] ?? "").response;
  return serve(script, "/v1/responses", { write, whole }, { object: "list", data: [{ id: "scripted", object: "model" }] });
}
