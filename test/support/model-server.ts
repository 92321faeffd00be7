import type { ServerResponse } from "node:http";
import { type Arrived, event, type Script } from "./upstream.ts";

/** How a scripted model server departs from a good one. */
export interface Faults {
  /** The window that its list tells, in tokens. */
  readonly window?: number;
  /** Prompts longer than this are refused, whatever the list tells. */
  readonly realWindow?: number;
  readonly models?: readonly string[];
  /** Tools in a request are dropped without a word. */
  readonly noTools?: boolean;
  /** The arguments of calls come as `{}`. */
  readonly noArguments?: boolean;
  /** Whole answers, whatever was asked for. */
  readonly noStream?: boolean;
  /** Which software it says that it is; "vllm" has other wires too, which this one has not. */
  readonly owner?: string;
  /** A field that it takes in no request. */
  readonly refuses?: string;
  /** The key that it asks for. */
  readonly key?: string;
}

interface ChatBody {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly { readonly role: string; readonly content?: unknown }[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
}

/** An OpenAI-compatible server with a model that does as it is told: it copies arguments from a `json` fence, and calls a tool as often as files are named. */
export function modelServer(faults: Faults = {}): Script {
  return (request, response) => {
    const models = faults.models ?? ["big"];
    if (faults.key !== undefined && request.headers.authorization !== `Bearer ${faults.key}`)
      return json(response, 401, {
        error: { message: "Incorrect API key provided", type: "invalid_request_error", code: "invalid_api_key" },
      });
    if (request.path === "/v1/models")
      return json(response, 200, {
        object: "list",
        data: models.map((id) => ({ id, object: "model", owned_by: faults.owner ?? "lab", max_model_len: faults.window ?? 131_072 })),
      });
    if (request.path === "/version") return json(response, 200, { version: "0.32.0" });
    if (request.path === "/v1/chat/completions" && request.method === "POST") return answer(request, response, faults, models);
    return json(response, 404, { error: { message: "Not Found" } });
  };
}

function answer(request: Arrived, response: ServerResponse, faults: Faults, models: readonly string[]): void | Promise<void> {
  const body = request.json as ChatBody;
  if (!models.includes(body.model))
    return json(response, 404, { error: { message: `The model \`${body.model}\` does not exist.`, type: "NotFoundError", code: 404 } });
  if (faults.refuses !== undefined && Object.hasOwn(body, faults.refuses)) {
    const message = `Unsupported parameter: '${faults.refuses}' is not supported with this model.`;
    return json(response, 400, { error: { message, type: "invalid_request_error", param: faults.refuses, code: "unsupported_parameter" } });
  }
  const prompt = Math.ceil(request.text.length / 4);
  const window = faults.realWindow ?? faults.window ?? 131_072;
  if (prompt > window)
    return json(response, 400, {
      error: {
        message: `This model's maximum context length is ${window} tokens. However, you requested ${prompt} tokens.`,
        type: "BadRequestError",
        code: 400,
      },
    });
  const last = textOf(body.messages.findLast(({ role }) => role !== "system")?.content);
  const tool = faults.noTools === true ? undefined : body.tools?.[0]?.function.name;
  const asked = body.messages.at(-1)?.role === "tool" ? undefined : tool;
  const calls =
    asked === undefined ? [] : argumentsFor(last).map((text) => ({ name: asked, text: faults.noArguments === true ? "{}" : text }));
  const text = calls.length > 0 ? "" : "one two three four five six seven eight nine ten";
  const usage = { prompt_tokens: prompt, completion_tokens: 20, total_tokens: prompt + 20 };
  const finish = calls.length > 0 ? "tool_calls" : "stop";
  const toolCalls = calls.map((call, index) => ({
    index,
    id: `call_${index}`,
    type: "function",
    function: { name: call.name, arguments: call.text },
  }));
  const head = { id: "chatcmpl-1", created: 1, model: body.model };
  if (body.stream !== true || faults.noStream === true) {
    const message = { role: "assistant", content: text === "" ? null : text, ...(calls.length > 0 && { tool_calls: toolCalls }) };
    return json(response, 200, { ...head, object: "chat.completion", choices: [{ index: 0, message, finish_reason: finish }], usage });
  }
  const chunk = (delta: object, reason: string | null = null) =>
    event({ ...head, object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: reason }] });
  return write(response, [
    chunk({ role: "assistant", content: "" }),
    ...text
      .split(/(?= )/)
      .filter((word) => word !== "")
      .map((content) => chunk({ content })),
    ...toolCalls.map((call) => chunk({ tool_calls: [call] })),
    chunk({}, finish),
    event({ ...head, object: "chat.completion.chunk", choices: [], usage }),
    event("[DONE]"),
  ]);
}

/** The arguments in a `json` fence, else a path for each file that the text names. */
function argumentsFor(text: string): string[] {
  const fenced = /```json\n(.*?)\n```/s.exec(text)?.[1];
  if (fenced !== undefined) return [fenced];
  return [...new Set(text.match(/\b[A-Z]+\.md\b/g) ?? ["NOTES.md"])].map((path) => JSON.stringify({ path }));
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return Array.isArray(content) ? content.map((part) => (part as { text?: string }).text ?? "").join("\n") : "";
}

async function write(response: ServerResponse, pieces: readonly string[]): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const piece of pieces) {
    if (response.destroyed) return;
    response.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  response.end();
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
