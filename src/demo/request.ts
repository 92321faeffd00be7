import { listOf, objectOf } from "../wire/json.ts";

/** What of a chat request the stand-in looks at, read without trust. */
export interface DemoRequest {
  readonly model: string;
  readonly messages: readonly DemoMessage[];
  readonly tools: readonly DemoTool[];
  /** The name of the tool that must be called; true: any; false: none may be. */
  readonly mustCall?: string | boolean;
  /** The reply must be JSON of this schema. */
  readonly schema?: unknown;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  /** Tokens. */
  readonly maxOutput?: number;
  readonly stop: readonly string[];
  /** Characters of messages and tools together. */
  readonly size: number;
}

export interface DemoMessage {
  readonly role: string;
  readonly text: string;
  readonly calls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  readonly callId?: string;
}

export interface DemoTool {
  readonly name: string;
  readonly parameters: unknown;
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

const choices: ReadonlyMap<unknown, boolean> = new Map([
  ["required", true],
  ["none", false],
]);

/** A parsed body, or the sentence that says what is wrong with it and the field that it is about. */
export function readDemoRequest(body: unknown): DemoRequest | { readonly wrong: string; readonly param: string } {
  const shape = objectOf(body);
  if (text(shape["model"]) === "") return { wrong: "you must provide a model parameter", param: "model" };
  if (!Array.isArray(shape["messages"]) || shape["messages"].length === 0)
    return { wrong: "'messages' must be a list with at least one message", param: "messages" };
  const messages = shape["messages"].map(readMessage);
  const unknownRole = messages.findIndex(({ role }) => !["system", "developer", "user", "assistant", "tool"].includes(role));
  if (unknownRole >= 0) return { wrong: "unknown role", param: `messages[${unknownRole}].role` };
  if (Array.isArray(shape["tools"]) && shape["tools"].length === 0) return { wrong: "[] is too short - 'tools'", param: "tools" };
  const tools = listOf(shape["tools"]).map(readTool);
  const nameless = tools.findIndex(({ name }) => !/^[A-Za-z0-9_-]{1,64}$/.test(name));
  if (nameless >= 0) return { wrong: "a tool's name must be 1 to 64 letters, digits, _ or -", param: `tools[${nameless}].function.name` };
  const open = unanswered(messages);
  if (open) return { wrong: `the call ${open} must be followed by a tool message with its id`, param: "messages" };
  const choice = shape["tool_choice"];
  const mustCall = text(objectOf(objectOf(choice)["function"])["name"]) || choices.get(choice);
  const format = objectOf(shape["response_format"]);
  const limit = shape["max_completion_tokens"] ?? shape["max_tokens"];
  return {
    model: text(shape["model"]),
    messages,
    tools,
    ...(mustCall !== undefined && { mustCall }),
    ...(format["type"] === "json_schema" && { schema: objectOf(format["json_schema"])["schema"] }),
    ...(format["type"] === "json_object" && { schema: { type: "object" } }),
    stream: shape["stream"] === true,
    includeUsage: objectOf(shape["stream_options"])["include_usage"] === true,
    ...(typeof limit === "number" && limit > 0 && { maxOutput: limit }),
    stop: [shape["stop"]].flat().filter((word): word is string => typeof word === "string" && word !== ""),
    size: JSON.stringify(shape["messages"]).length + JSON.stringify(shape["tools"] ?? "").length,
  };
}

function readMessage(message: unknown): DemoMessage {
  const shape = objectOf(message);
  const parts = Array.isArray(shape["content"]) ? shape["content"].map((part) => text(objectOf(part)["text"])) : [text(shape["content"])];
  const callId = text(shape["tool_call_id"]);
  return {
    role: text(shape["role"]),
    text: parts.filter((part) => part !== "").join("\n"),
    calls: listOf(shape["tool_calls"]).map((call) => {
      const { name, arguments: written } = objectOf(objectOf(call)["function"]);
      return { id: text(objectOf(call)["id"]), name: text(name), arguments: text(written) };
    }),
    ...(callId !== "" && { callId }),
  };
}

function readTool(tool: unknown): DemoTool {
  const { name, parameters } = objectOf(objectOf(tool)["function"]);
  return { name: text(name), parameters };
}

/** The first call that the messages after it do not answer: what OpenAI refuses. */
function unanswered(messages: readonly DemoMessage[]): string | undefined {
  for (const [index, { calls }] of messages.entries()) {
    const answers = new Set<string | undefined>();
    for (let next = index + 1; messages[next]?.role === "tool"; next++) answers.add(messages[next]?.callId);
    const open = calls.find(({ id }) => !answers.has(id));
    if (open) return open.id || open.name;
  }
  return undefined;
}
